/*
 * setting.h - the settings of one session: SET, SHOW, RESET and what they mean (PostgreSQL manual, chapter 20).
 *
 * SettingDef is a fact about PostgreSQL 15 (data/settings.tsv, made into C at build time). Settings is one session's values: only those
 * that differ from the definition are held. A value is kept as canonical text in the setting's base unit ("90000"), and is shown
 * with the unit that fits ("90s"). What a setting does here is a row of SETTING_HOOKS (setting_hook.c).
 */
#ifndef MEDLEY_SESSION_SETTING_H
#define MEDLEY_SESSION_SETTING_H

#include "base/base.h"
#include "func/func.h"

typedef enum SettingType { SETTING_BOOL, SETTING_INTEGER, SETTING_REAL, SETTING_STRING, SETTING_ENUM } SettingType;

typedef enum SettingContext {
    CONTEXT_INTERNAL,
    CONTEXT_POSTMASTER,
    CONTEXT_SIGHUP,
    CONTEXT_SUPERUSER_BACKEND,
    CONTEXT_BACKEND,
    CONTEXT_SUPERUSER,
    CONTEXT_USER,
} SettingContext;

typedef enum SettingSource {
    SOURCE_DEFAULT,
    SOURCE_COMMAND_LINE,
    SOURCE_GLOBAL, /* ALTER ROLE ALL SET */
    SOURCE_DATABASE,
    SOURCE_USER,
    SOURCE_DATABASE_USER,
    SOURCE_CLIENT,   /* the start-up packet */
    SOURCE_OVERRIDE, /* the server itself */
    SOURCE_SESSION,
} SettingSource;

typedef struct SettingDef {
    const char *name, *unit, *category, *short_desc, *extra_desc;
    SettingType type;
    SettingContext context;
    double min, max;
    const char *min_text, *max_text;
    const char *const *enum_values; /* NULL-terminated */
    const char *boot_value, *reset_value;
    const char *flags;   /* an array's text: "{EXPLAIN}" */
    bool hidden;         /* not in SHOW ALL and pg_settings */
    const char *library; /* which brings it; NULL: it is always there */
} SettingDef;

extern const SettingDef SETTING_DEFS[];
extern const size_t SETTING_COUNT;

/* NULL: not one of PostgreSQL's or its libraries'. Case does not matter. */
const SettingDef *setting_find(const char *name);
bool setting_is_hidden(const char *name); /* from all but superusers and members of pg_read_all_settings */
/* Custom names: two or more identifiers with dots between. */
bool setting_is_custom_name(const char *name);

/* ---- values by type (setting_value.c) ---- */

/* Checks a text by the setting's type, unit, range; *canonical in the base unit. 22023 with PostgreSQL's texts and hints, in which the
 * setting has the name that it was asked for by. */
bool setting_parse(const SettingDef *def, const char *name, const char *text, Arena *arena, const char **canonical,
                   Error *error) MUST_CHECK;
/* As SHOW prints it. */
const char *setting_print(const SettingDef *def, const char *canonical, Arena *arena);
bool setting_parse_bool(const char *text, bool *out);
bool setting_invalid(const SettingDef *def, const char *text, Error *error); /* 22023 invalid value for parameter; false */

/* ---- one session's values (setting.c) ---- */

typedef struct Settings Settings;

/* A value this server has in place of PostgreSQL's default. */
typedef struct SettingDefault {
    const char *name, *value;
} SettingDefault;

/* What a setting does here. Any call may be NULL. `owner` is the session. */
typedef struct SettingHook {
    const char *name;
    /* Beyond the type's check. *canonical comes set to the type's; may be replaced by text in arena. */
    bool (*check)(void *owner, const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error);
    /* Whether it may be set, or reset, now. */
    bool (*may_change)(void *owner, const SettingDef *def, Error *error);
    void (*apply)(void *owner, const char *value);
    const char *(*show)(void *owner, const char *value, Arena *arena);
    const char *resets; /* a setting that becomes "none" before this one changes, and comes back after it; NULL: no other */
    /* Looks for what the checked value names. later: it is for sessions to come, so that what is missing is noticed only. */
    bool (*find)(void *owner, const SettingDef *def, bool later, Arena *arena, const char **canonical, Error *error);
} SettingHook;

Settings *settings_open(const SettingHook *hooks, size_t nhooks, void *owner, const SettingDefault *defaults, size_t ndefaults,
                        Arena *arena);
/* The session has loaded a library: its settings are there from now on, other names that begin so are reserved. */
void settings_load(Settings *settings, const char *library, const Notices *notices);
/* Calls every apply hook with its present value: once, at the session's start. */
void settings_apply_all(Settings *settings);

typedef struct SettingChange {
    const char *name, *value; /* value NULL: back to the reset value */
    SettingSource source;
    bool is_local, is_superuser;
    int level; /* savepoints open */
    bool check_only;
} SettingChange;

/* Errors: 42704, 42602, 55P02, 42501, 22023. */
bool settings_set(Settings *settings, const SettingChange *change, Error *error) MUST_CHECK;
/* Sets past every check: for what the server itself decides. */
void settings_force(Settings *settings, const char *name, const char *value);
void settings_reset_all(Settings *settings, int level);
/* Canonical text; NULL: no such setting. */
const char *settings_get(Settings *settings, const char *name);
int64_t settings_get_int(Settings *settings, const char *name);
bool settings_get_bool(Settings *settings, const char *name);
/* An array's text; NULL: no such setting. */
const char *settings_flags(const Settings *settings, const char *name);
/* As SHOW prints it; NULL: no such setting. */
const char *settings_show(Settings *settings, const char *name, Arena *arena);
/* All but the hidden ones, sorted by name as PostgreSQL sorts them. */
size_t settings_rows(Settings *settings, Arena *arena, SettingRow **rows, const char *const **shown);
/* Those that EXPLAIN (SETTINGS) shows, by name: flagged so, and not as PostgreSQL or this server begins with them. */
size_t settings_explained(Settings *settings, Arena *arena, const char *const **names, const char *const **shown);

/* Changes whenever a value does. */
uint64_t settings_generation(const Settings *settings);
/* Of all values that differ from their defaults, but those on which no plan hangs: the same for the same settings. */
enum { SETTINGS_FINGERPRINT = 16 };
const unsigned char *settings_fingerprint(Settings *settings);

void settings_commit(Settings *settings);
/* Undoes what was set since savepoint `level` (0: the transaction) began. */
void settings_rollback(Settings *settings, int level);
/* What was set within savepoint `level` now belongs to the one around it. */
void settings_release(Settings *settings, int level);
/* What is changed after the mark, within one transaction, is taken back. */
size_t settings_mark(const Settings *settings);
void settings_back_to(Settings *settings, size_t mark);

#endif
