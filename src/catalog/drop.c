/*
 * drop.c - DROP with RESTRICT and CASCADE: who depends on whom, and PostgreSQL's words about it (PostgreSQL manual, 5.14).
 *
 * The walk follows dependencies from the objects named: dependents first, the youngest first, each object once. A part of
 * something else (an internal or extension dependency) cannot go alone: what it is part of goes, or the statement fails.
 *
 * Invariants:
 *  1. An object enters the list after all that depends on it; reports run over the list backwards.
 *  2. Only an object reached by a normal dependency stops a RESTRICT; the parts of a dropped object go silently.
 *  3. What belongs to a partition below a parent's goes with the parent's or with the partition, and in no other way.
 *
 * Threads: the session's worker.
 */
#include <stdlib.h>

#include "catalog/catalog_internal.h"

enum { MAX_REPORTED = 100, MAX_DEPTH = 2000 };

/* How an object came into the list. */
enum { BY_REQUEST = 1, BY_NORMAL = 2, BY_AUTO = 4, BY_INTERNAL = 8, BY_EXTENSION = 16, BY_OWNER = 32, AS_PART = 64, BY_PARTITION = 128 };

typedef struct DropTarget {
    ObjectAddress object, dependee; /* dependee: what it depends on, of the way it was found */
    ObjectAddress above;            /* the parent's; none: a partition's is not part of another one's */
    int flags;
    int next; /* another target of the same object and another column; -1: none */
} DropTarget;

typedef struct Frame {
    ObjectAddress object, above;
    int flags, depth;
    struct Frame *outer;
} Frame;

typedef struct Edge {
    ObjectAddress object;
    char kind;
    int flags;
} Edge;

typedef struct Drop {
    Catalog *catalog;
    Arena *arena;
    Error *error;
    const ObjectAddress *named;
    size_t nnamed;
    VEC(DropTarget) targets;
    Map *places; /* class and OID -> index + 1 of the first target */
} Drop;

static bool same_object(ObjectAddress a, ObjectAddress b)
{
    return a.class_oid == b.class_oid && a.oid == b.oid;
}

static bool visit(Drop *drop, ObjectAddress object, int flags, Frame *outer);

/* ---- the list and the way to here ---- */

static int first_target(const Drop *drop, ObjectAddress object)
{
    Oid key[2] = {object.class_oid, object.oid};
    return (int)(intptr_t)map_get(drop->places, key, sizeof key) - 1;
}

/* Whether the object, or the whole it is a column of, is in the list already. */
static bool is_target(Drop *drop, ObjectAddress object, int flags)
{
    bool found = false;
    for (int i = first_target(drop, object); i >= 0; i = drop->targets.items[i].next) {
        DropTarget *target = &drop->targets.items[i];
        if (target->object.sub == object.sub) {
            target->flags |= flags;
            found = true;
        } else if (target->object.sub == 0) {
            found = true;
        } else if (object.sub == 0 && flags) {
            target->flags |= flags | AS_PART; /* the whole goes now, and its column with it */
        }
    }
    return found;
}

static void add_target(Drop *drop, const Frame *frame)
{
    Oid key[2] = {frame->object.class_oid, frame->object.oid};
    DropTarget target = {.object = frame->object, .above = frame->above, .flags = frame->flags, .next = first_target(drop, frame->object)};
    if (frame->outer)
        target.dependee = frame->outer->object;
    vec_push(drop->arena, &drop->targets, target);
    map_put(drop->places, key, sizeof key, (void *)(intptr_t)drop->targets.count);
}

static bool is_on_way(Frame *frame, ObjectAddress object, int flags)
{
    bool found = false;
    for (; frame; frame = frame->outer)
        if (same_object(frame->object, object)) {
            if (frame->object.sub == object.sub) {
                frame->flags |= flags;
                found = true;
            } else if (frame->object.sub == 0) {
                found = true;
            }
        }
    return found;
}

static bool is_named(const Drop *drop, ObjectAddress object)
{
    for (size_t i = 0; i < drop->nnamed; i++)
        if (same_object(drop->named[i], object) && (drop->named[i].sub == object.sub || drop->named[i].sub == 0))
            return true;
    return false;
}

/* ---- edges ---- */

/* Of pg_depend: what the object depends on (up), or what depends on it. */
static bool read_edges(Drop *drop, ObjectAddress object, bool up, Edge **edges, size_t *count)
{
    static const char *const SQL[] = {
        "SELECT classid, objid, objsubid, deptype FROM pg_depend WHERE refclassid = ?1 AND refobjid = ?2 AND (?3 = 0 OR refobjsubid = ?3)",
        "SELECT refclassid, refobjid, refobjsubid, deptype FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND (?3 = 0 OR objsubid = ?3)",
    };
    CatalogRows *rows =
        catalog_query(drop->catalog, drop->arena, drop->error, SQL[up], "ooi", object.class_oid, object.oid, (int64_t)object.sub);
    if (!rows)
        return false;
    *edges = ARENA_ARRAY(drop->arena, Edge, rows->nrows);
    *count = 0;
    for (size_t i = 0; i < rows->nrows; i++) {
        Edge edge = {{(Oid)CATALOG_CELL(rows, i, 0).i, (Oid)CATALOG_CELL(rows, i, 1).i, (int)CATALOG_CELL(rows, i, 2).i},
                     CATALOG_CELL(rows, i, 3).text[0],
                     0};
        if (object.sub || !same_object(edge.object, object)) /* its own columns; one of a partition key goes with its table alone */
            (*edges)[(*count)++] = edge;
    }
    return true;
}

/* The youngest first; of one object the whole before its columns. */
static int compare_edges(const void *a, const void *b)
{
    const ObjectAddress *x = &((const Edge *)a)->object, *y = &((const Edge *)b)->object;
    if (x->oid != y->oid)
        return x->oid > y->oid ? -1 : 1;
    if (x->class_oid != y->class_oid)
        return x->class_oid < y->class_oid ? -1 : 1;
    return ((unsigned)x->sub > (unsigned)y->sub) - ((unsigned)x->sub < (unsigned)y->sub);
}

static int edge_flags(char kind)
{
    return kind == 'n'   ? BY_NORMAL
           : kind == 'i' ? BY_INTERNAL
           : kind == 'e' ? BY_EXTENSION
           : kind == 'a' ? BY_AUTO
                         : BY_AUTO | BY_PARTITION;
}

/* ---- the walk ---- */

typedef enum Ownership { STANDS_ALONE, OWNER_DECIDES, FAILED } Ownership;

static bool refuse_part(Drop *drop, ObjectAddress object, ObjectAddress owner)
{
    const char *whole = catalog_describe(drop->catalog, owner, drop->arena);
    error_set(drop->error, ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST, "cannot drop %s because %s requires it",
              catalog_describe(drop->catalog, object, drop->arena), whole);
    return error_hint(drop->error, "You can drop %s instead.", whole);
}

/* Is the object a part of something? Then that goes instead, or the statement fails, or (both named) it is left to its turn. */
static Ownership visit_owner(Drop *drop, ObjectAddress object, int flags, Frame *outer, ObjectAddress *above)
{
    Edge *edges;
    size_t count;
    ObjectAddress owner = {0};
    if (!read_edges(drop, object, true, &edges, &count))
        return FAILED;
    for (size_t i = 0; i < count; i++) {
        if (edges[i].kind == 'P')
            *above = edges[i].object;
        if (edges[i].kind != 'i' && edges[i].kind != 'e')
            continue;
        if (!outer) {
            if (is_named(drop, edges[i].object))
                return OWNER_DECIDES;
            if (owner.oid == OID_NONE || edges[i].kind == 'e')
                owner = edges[i].object;
        } else if (!is_on_way(outer, edges[i].object, 0)) {
            bool ok = visit(drop, edges[i].object, BY_OWNER, outer);
            is_target(drop, object, flags);
            return ok ? OWNER_DECIDES : FAILED;
        }
    }
    if (owner.oid == OID_NONE)
        return STANDS_ALONE;
    refuse_part(drop, object, above->oid ? *above : owner);
    return FAILED;
}

static bool visit(Drop *drop, ObjectAddress object, int flags, Frame *outer)
{
    if (is_on_way(outer, object, flags))
        return true;
    if (outer && outer->depth >= MAX_DEPTH)
        return error_too_deep(drop->error);
    if (object_is_standing(object))
        return error_set(drop->error, ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST, "cannot drop %s because it is required by the database system",
                         catalog_describe(drop->catalog, object, drop->arena));
    if (is_target(drop, object, flags))
        return true;
    ObjectAddress above = {0};
    Ownership ownership = visit_owner(drop, object, flags, outer, &above);
    if (ownership != STANDS_ALONE)
        return ownership == OWNER_DECIDES;
    Edge *edges;
    size_t count;
    if (!read_edges(drop, object, false, &edges, &count))
        return false;
    for (size_t i = 0; i < count; i++)
        edges[i].flags = edge_flags(edges[i].kind);
    qsort(edges, count, sizeof *edges, compare_edges);
    Frame frame = {object, above, flags, outer ? outer->depth + 1 : 0, outer};
    for (size_t i = 0; i < count; i++)
        if (!visit(drop, edges[i].object, edges[i].flags, &frame))
            return false;
    add_target(drop, &frame);
    return true;
}

/* ---- reports ---- */

typedef struct Report {
    Str lines;
    int shown, hidden;
} Report;

static void report_target(Drop *drop, const DropTarget *target, bool restricted, Report *report)
{
    if (report->shown >= MAX_REPORTED) {
        report->hidden++;
        return;
    }
    if (report->shown++)
        str_addc(&report->lines, '\n');
    const char *text = catalog_describe(drop->catalog, target->object, drop->arena);
    if (restricted)
        str_addf(&report->lines, "%s depends on %s", text, catalog_describe(drop->catalog, target->dependee, drop->arena));
    else
        str_addf(&report->lines, "drop cascades to %s", text);
}

static bool refuse(Drop *drop, const Report *report)
{
    if (drop->nnamed == 1)
        error_set(drop->error, ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST, "cannot drop %s because other objects depend on it",
                  catalog_describe(drop->catalog, drop->named[0], drop->arena));
    else
        error_set(drop->error, ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST, "cannot drop desired object(s) because other objects depend on them");
    error_detail(drop->error, "%s", report->lines.data);
    return error_hint(drop->error, "Use DROP ... CASCADE to drop the dependent objects too.");
}

static bool report(Drop *drop, DropBehavior behavior)
{
    Report report = {0};
    str_init(&report.lines, drop->arena);
    for (size_t i = 0; i < drop->targets.count; i++) {
        const DropTarget *target = &drop->targets.items[i];
        if (target->above.oid && !(target->flags & BY_PARTITION))
            return refuse_part(drop, target->object, target->above);
    }
    for (size_t i = drop->targets.count; i-- > 0;) {
        const DropTarget *target = &drop->targets.items[i];
        if (!(target->flags & (BY_REQUEST | AS_PART | BY_AUTO | BY_INTERNAL | BY_EXTENSION)))
            report_target(drop, target, behavior == DROP_RESTRICT, &report);
    }
    if (report.hidden)
        str_addf(&report.lines, "\nand %d other object%s (see server log for list)", report.hidden, report.hidden == 1 ? "" : "s");
    int all = report.shown + report.hidden;
    if (!all)
        return true;
    if (behavior == DROP_RESTRICT)
        return refuse(drop, &report);
    const char *text = all > 1 ? arena_printf(drop->arena, "drop cascades to %d other objects", all) : report.lines.data;
    notice_full(catalog_notices(drop->catalog), SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, text, all > 1 ? report.lines.data : NULL,
                NULL);
    return true;
}

static bool may_go(const Drop *drop, ObjectAddress object)
{
    const DropCheck *check = &drop->catalog->drop_check;
    return object.class_oid != PG_CLASS_RELATION || !check->may_drop || check->may_drop(check->arg, object, drop->error);
}

static bool find_report_delete(Drop *drop, DropBehavior behavior)
{
    for (size_t i = 0; i < drop->nnamed; i++)
        if (!visit(drop, drop->named[i], BY_REQUEST, NULL))
            return false;
    if (!report(drop, behavior))
        return false;
    for (size_t i = 0; i < drop->targets.count; i++)
        if (!may_go(drop, drop->targets.items[i].object) ||
            !catalog_delete_object(drop->catalog, drop->targets.items[i].object, drop->error))
            return false;
    return true;
}

DropCheck catalog_set_drop_check(Catalog *catalog, DropCheck check)
{
    DropCheck before = catalog->drop_check;
    catalog->drop_check = check;
    return before;
}

bool catalog_drop(Catalog *catalog, const ObjectAddress *objects, size_t count, DropBehavior behavior, Error *error)
{
    Arena *arena = arena_open(NULL);
    Drop drop = {.catalog = catalog, .arena = arena, .error = error, .named = objects, .nnamed = count, .places = map_open(arena)};
    catalog_lock(catalog);
    bool alone = !catalog->in_transaction;
    if (alone)
        catalog_transaction_begin(catalog);
    /* The writer first: nobody may add a dependent while we look. */
    bool ok = catalog_start_writing(catalog, error) && find_report_delete(&drop, behavior);
    if (alone && ok)
        ok = catalog_transaction_commit(catalog, error);
    else if (alone)
        catalog_transaction_rollback(catalog);
    catalog_unlock(catalog);
    arena_close(arena);
    return ok;
}

const char *catalog_role_dependents(Catalog *catalog, Oid role, Arena *arena)
{
    static const struct {
        char kind;
        const char *words;
    } WORDS[] = {{'o', "owner of"}, {'a', "privileges for"}, {'r', "target of"}, {'t', "tablespace for"}};
    Error error;
    error_init(&error, arena);
    CatalogRows *rows = catalog_query(catalog, arena, &error,
                                      "SELECT classid, objid, objsubid, deptype FROM pg_shdepend WHERE refclassid = ?1 AND refobjid = ?2 "
                                      "ORDER BY objid, classid, objsubid < 0, objsubid, deptype" /* system columns last */,
                                      "oo", (Oid)PG_AUTHID_RELATION, role);
    if (!rows || !rows->nrows)
        return NULL;
    Str lines;
    str_init(&lines, arena);
    for (size_t i = 0; i < rows->nrows && i < MAX_REPORTED; i++) {
        ObjectAddress object = {(Oid)CATALOG_CELL(rows, i, 0).i, (Oid)CATALOG_CELL(rows, i, 1).i, (int)CATALOG_CELL(rows, i, 2).i};
        for (size_t k = 0; k < COUNT_OF(WORDS); k++)
            if (WORDS[k].kind == CATALOG_CELL(rows, i, 3).text[0])
                str_addf(&lines, "%s%s %s", i ? "\n" : "", WORDS[k].words, catalog_describe(catalog, object, arena));
    }
    if (rows->nrows > MAX_REPORTED) {
        int hidden = (int)(rows->nrows - MAX_REPORTED);
        str_addf(&lines, "\nand %d other object%s (see server log for list)", hidden, hidden == 1 ? "" : "s");
    }
    return lines.data;
}
