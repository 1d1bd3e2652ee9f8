/*
 * reuse.h - what simple.c and extended.c ask of reuse.c.
 */
#ifndef MEDLEY_SESSION_REUSE_H
#define MEDLEY_SESSION_REUSE_H

#include "session/session_int.h"

/* A simple query that may be one of a shape. */
typedef struct PlanReuse {
    const char *text;
    SqlShape shape;
    const char *key;
    size_t length;
} PlanReuse;

/* Before it is parsed. false: it has no shape. */
bool reuse_look(Session *session, const char *text, PlanReuse *reuse);
/* Inside a statement: fills the portal in with a plan that is kept. false: there is none. */
bool reuse_simple(Portal *portal, const PlanReuse *reuse);
/* Plans it so that it can be kept, when that is worth it. false: it is to be planned as usual; nothing was said to the client. */
bool reuse_make(Portal *portal, const PlanReuse *reuse);
/* The same for a bound statement: finds a plan or makes one. false: it is to be planned as usual. */
bool reuse_prepared(Portal *portal, const Prepared *prepared, const char *source_text, const PortalParams *params);

/* What Parse made of this text before. NULL: nothing that is kept. */
Prepared *reuse_parsed(Session *session, const char *name, const char *text, const Oid *types, int ntypes);
/* Keeps it when the text comes again; types: those that were given. */
void reuse_keep_parsed(Session *session, const Prepared *prepared, const Oid *types, int ntypes);

#endif
