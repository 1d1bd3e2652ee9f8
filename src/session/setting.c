/*
 * setting.c - one session's settings, their transactions and savepoints.
 *
 * Invariants:
 *  1. A Slot exists only for a setting that was touched; else the definition's (or the server's) default holds.
 *  2. `value` is what counts now; `session_value` is what counts after COMMIT (they differ after SET LOCAL); `reset_value` is what RESET
 *     goes back to.
 *  3. Each change leaves one Undo; undoing all of them in reverse gives the state before the transaction.
 *  4. After every change of `value` the setting's apply hook has been called with it.
 *  5. A library's setting has a definition once the library is loaded; all values that were given before, those that a rollback would
 *     bring back too, are checked then, each as who gave it.
 * Texts are malloc'ed, since a session may set without end. Entered by the session's worker only.
 */
#include <ctype.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "session/setting.h"

typedef struct Given {
    char *value;
    SettingSource source;
    bool by_superuser;
} Given;

typedef struct Slot {
    char *name;
    const SettingDef *def; /* NULL: a custom setting */
    const SettingHook *hook;
    Given now, session, reset;
    struct Slot *next;
} Slot;

typedef struct Undo {
    Slot *slot; /* NULL: it is no more */
    Given now, session;
    int level;
} Undo;

struct Settings {
    Arena *arena;
    const SettingHook *hooks;
    size_t nhooks;
    void *owner;
    const SettingDefault *defaults;
    size_t ndefaults;
    Slot *slots;
    StrList libraries; /* loaded ones, and the server itself: their prefixes are reserved */
    Undo *undo;
    size_t nundo, cap_undo;
    uint64_t generation, fingerprinted; /* counts changes; which of them the fingerprint knows */
    unsigned char fingerprint[SETTINGS_FINGERPRINT];
};

static const char *const SOURCE_NAMES[] = {
    "default", "command line", "global", "database", "user", "database user", "client", "override", "session",
};
static const char *const TYPE_NAMES[] = {"bool", "integer", "real", "string", "enum"};
static const char *const CONTEXT_NAMES[] = {"internal", "postmaster", "sighup", "superuser-backend", "backend", "superuser", "user"};

const SettingDef *setting_find(const char *name)
{
    /* TimeZone has two names. */
    if (strcasecmp(name, "sort_mem") == 0)
        name = "work_mem";
    else if (strcasecmp(name, "vacuum_mem") == 0)
        name = "maintenance_work_mem";
    size_t low = 0, high = SETTING_COUNT;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcasecmp(name, SETTING_DEFS[middle].name);
        if (order == 0)
            return &SETTING_DEFS[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static bool is_loaded(const Settings *settings, const char *library)
{
    for (size_t i = 0; i < settings->libraries.count; i++)
        if (str_eq(settings->libraries.items[i], library))
            return true;
    return false;
}

/* The definition that the name has now; NULL: none, it is a custom setting at most. */
static const SettingDef *definition_of(const Settings *settings, const char *name)
{
    const SettingDef *def = setting_find(name);
    return def && (!def->library || is_loaded(settings, def->library)) ? def : NULL;
}

bool setting_is_custom_name(const char *name)
{
    bool at_start = true, dotted = false;
    for (const unsigned char *c = (const unsigned char *)name; *c; c++) {
        if (at_start && !isalpha(*c) && *c != '_' && *c < 0x80)
            return false;
        if (*c == '.') {
            dotted = at_start = true;
            continue;
        }
        if (!isalnum(*c) && *c != '_' && *c != '$' && *c < 0x80)
            return false;
        at_start = false;
    }
    return dotted && !at_start;
}

static void free_slot(Slot *slot)
{
    free(slot->name);
    free(slot->now.value);
    free(slot->session.value);
    free(slot->reset.value);
}

static void drop_undo(Settings *settings, size_t index)
{
    free(settings->undo[index].now.value);
    free(settings->undo[index].session.value);
}

static void close_settings(void *arg)
{
    Settings *settings = arg;
    for (Slot *slot = settings->slots; slot; slot = slot->next)
        free_slot(slot);
    for (size_t i = 0; i < settings->nundo; i++)
        drop_undo(settings, i);
    free(settings->undo);
}

Settings *settings_open(const SettingHook *hooks, size_t nhooks, void *owner, const SettingDefault *defaults, size_t ndefaults,
                        Arena *arena)
{
    Settings *settings = ARENA_NEW(arena, Settings);
    *settings = (Settings){.arena = arena, .hooks = hooks, .nhooks = nhooks, .owner = owner, .defaults = defaults, .ndefaults = ndefaults};
    settings->generation = 1; /* the fingerprint knows none yet */
    vec_push(arena, &settings->libraries, "medley");
    arena_defer(arena, close_settings, settings);
    return settings;
}

static const SettingHook *hook_of(const Settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->nhooks; i++)
        if (strcmp(settings->hooks[i].name, name) == 0)
            return &settings->hooks[i];
    return NULL;
}

static const char *default_of(const Settings *settings, const SettingDef *def, SettingSource *source)
{
    for (size_t i = 0; i < settings->ndefaults; i++)
        if (strcmp(settings->defaults[i].name, def->name) == 0) {
            *source = SOURCE_COMMAND_LINE;
            return settings->defaults[i].value;
        }
    *source = SOURCE_DEFAULT;
    return def->reset_value ? def->reset_value : "";
}

static Slot *slot_find(const Settings *settings, const char *name)
{
    for (Slot *slot = settings->slots; slot; slot = slot->next)
        if (strcasecmp(slot->name, name) == 0)
            return slot;
    return NULL;
}

static char *copy(const char *text)
{
    if (!text)
        return NULL;
    char *made = strdup(text);
    if (!made)
        abort();
    return made;
}

static Given copy_given(const Given *given)
{
    return (Given){copy(given->value), given->source, given->by_superuser};
}

/* Its text is borrowed. */
static Given default_given(const Settings *settings, const SettingDef *def)
{
    SettingSource source = SOURCE_DEFAULT;
    const char *value = def ? default_of(settings, def, &source) : "";
    return (Given){(char *)(uintptr_t)value, source, true};
}

static Slot *slot_make(Settings *settings, const SettingDef *def, const char *name)
{
    Slot *slot = slot_find(settings, def ? def->name : name);
    if (slot)
        return slot;
    slot = ARENA_NEW(settings->arena, Slot);
    slot->name = copy(def ? def->name : name);
    slot->def = def;
    slot->hook = def ? hook_of(settings, def->name) : NULL;
    const Given given = default_given(settings, def);
    slot->now = copy_given(&given);
    slot->session = copy_given(&given);
    slot->reset = copy_given(&given);
    slot->next = settings->slots;
    settings->slots = slot;
    return slot;
}

static void replace(Given *given, const Given *with)
{
    char *old = given->value;
    *given = copy_given(with);
    free(old);
}

static void apply(Settings *settings, Slot *slot)
{
    settings->generation++;
    if (slot->hook && slot->hook->apply)
        slot->hook->apply(settings->owner, slot->now.value);
}

void settings_apply_all(Settings *settings)
{
    for (size_t i = 0; i < settings->nhooks; i++)
        if (settings->hooks[i].apply)
            settings->hooks[i].apply(settings->owner, settings_get(settings, settings->hooks[i].name));
}

static void push_undo(Settings *settings, const Slot *slot, int level)
{
    if (settings->nundo == settings->cap_undo) {
        settings->cap_undo = settings->cap_undo ? settings->cap_undo * 2 : 8;
        settings->undo = realloc(settings->undo, settings->cap_undo * sizeof *settings->undo);
        if (!settings->undo)
            abort();
    }
    settings->undo[settings->nundo++] =
        (Undo){.slot = (Slot *)slot, .now = copy_given(&slot->now), .session = copy_given(&slot->session), .level = level};
}

/* The whole of a change, once it is known to be allowed. */
static void assign(Settings *settings, Slot *slot, const Given *given, bool is_local, int level)
{
    push_undo(settings, slot, level);
    replace(&slot->now, given);
    if (!is_local)
        replace(&slot->session, given);
    apply(settings, slot);
}

static bool unknown(const char *name, Error *error)
{
    return error_set(error, ERRCODE_UNDEFINED_OBJECT, "unrecognized configuration parameter \"%s\"", name);
}

static bool may_not_set(const char *name, Error *error)
{
    return error_set(error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied to set parameter \"%s\"", name);
}

static bool context_allows(const SettingDef *def, const SettingChange *change, Error *error)
{
    bool at_start = change->source < SOURCE_SESSION;
    switch (def->context) {
    case CONTEXT_INTERNAL:
        return error_set(error, ERRCODE_CANT_CHANGE_RUNTIME_PARAM, "parameter \"%s\" cannot be changed", def->name);
    case CONTEXT_POSTMASTER:
        return error_set(error, ERRCODE_CANT_CHANGE_RUNTIME_PARAM, "parameter \"%s\" cannot be changed without restarting the server",
                         def->name);
    case CONTEXT_SIGHUP:
        return error_set(error, ERRCODE_CANT_CHANGE_RUNTIME_PARAM, "parameter \"%s\" cannot be changed now", def->name);
    case CONTEXT_SUPERUSER_BACKEND:
    case CONTEXT_BACKEND:
        if (!at_start)
            return error_set(error, ERRCODE_CANT_CHANGE_RUNTIME_PARAM, "parameter \"%s\" cannot be set after connection start", def->name);
        if (def->context == CONTEXT_SUPERUSER_BACKEND && !change->is_superuser)
            break;
        return true;
    case CONTEXT_SUPERUSER:
        if (change->is_superuser)
            return true;
        break;
    case CONTEXT_USER:
        return true;
    }
    return may_not_set(def->name, error);
}

/* canonical: of the value; a change without one takes back what was given at first. Its text is borrowed. */
static Given given_by(const SettingChange *change, const char *canonical, const Slot *slot)
{
    return change->value ? (Given){(char *)(uintptr_t)canonical, change->source, change->is_superuser} : slot->reset;
}

static bool has_prefix(const char *name, const char *library)
{
    size_t len = strlen(library);
    return strncmp(name, library, len) == 0 && name[len] == '.';
}

static bool set_custom(Settings *settings, const SettingChange *change, Error *error)
{
    if (!strchr(change->name, '.'))
        return unknown(change->name, error);
    if (!setting_is_custom_name(change->name)) {
        error_set(error, ERRCODE_INVALID_NAME, "invalid configuration parameter name \"%s\"", change->name);
        return error_detail(error, "Custom parameter names must be two or more simple identifiers separated by dots.");
    }
    for (size_t i = 0; i < settings->libraries.count; i++)
        if (has_prefix(change->name, settings->libraries.items[i])) {
            error_set(error, ERRCODE_INVALID_NAME, "invalid configuration parameter name \"%s\"", change->name);
            return error_detail(error, "\"%s\" is a reserved prefix.", settings->libraries.items[i]);
        }
    if (change->check_only) /* what is kept for later may become what only a superuser may set */
        return change->is_superuser || may_not_set(change->name, error);
    Slot *slot = slot_make(settings, NULL, change->name);
    const Given given = given_by(change, change->value, slot);
    assign(settings, slot, &given, change->is_local, change->level);
    if (change->source < SOURCE_SESSION && change->value)
        replace(&slot->reset, &given);
    return true;
}

static bool reset_other(Settings *settings, const SettingHook *hook, const SettingChange *change, Error *error)
{
    SettingChange other = *change;
    other.name = hook->resets;
    other.value = change->value ? "none" : NULL;
    return settings_set(settings, &other, error);
}

bool settings_set(Settings *settings, const SettingChange *change, Error *error)
{
    const SettingDef *def = definition_of(settings, change->name);
    if (!def && !change->value && slot_find(settings, change->name) == NULL && !strchr(change->name, '.'))
        return unknown(change->name, error);
    if (!def)
        return set_custom(settings, change, error);
    if (!context_allows(def, change, error))
        return false;
    Arena *arena = arena_open(NULL);
    const char *canonical = NULL;
    const SettingHook *hook = hook_of(settings, def->name);
    bool done = true;
    Slot *slot = change->check_only ? NULL : slot_make(settings, def, NULL);
    if (slot && hook && hook->may_change)
        done = hook->may_change(settings->owner, def, error);
    if (change->value)
        done = done && setting_parse(def, change->name, change->value, arena, &canonical, error);
    if (done && change->value && hook && hook->check)
        done = hook->check(settings->owner, def, change->value, arena, &canonical, error);
    if (done && change->value && hook && hook->find)
        done = hook->find(settings->owner, def, change->check_only, arena, &canonical, error);
    if (done && slot && hook && hook->resets)
        done = reset_other(settings, hook, change, error);
    if (done && slot) {
        const Given given = given_by(change, canonical, slot);
        assign(settings, slot, &given, change->is_local, change->level);
        if (change->source < SOURCE_SESSION && change->value)
            replace(&slot->reset, &given);
    }
    arena_close(arena);
    return done;
}

/* ---- libraries ---- */

/* What would take it back stays where it is, since marks count them, and does nothing. */
static void remove_slot(Settings *settings, Slot *slot)
{
    Slot **at = &settings->slots;
    while (*at != slot)
        at = &(*at)->next;
    *at = slot->next;
    for (size_t i = 0; i < settings->nundo; i++)
        if (settings->undo[i].slot == slot)
            settings->undo[i].slot = NULL;
    free_slot(slot);
}

/* Values given to a custom setting that becomes a library's. */
typedef struct Adoption {
    const Settings *settings;
    const Slot *slot;
    const Notices *notices;
    Arena *arena;
    VEC(Given) given; /* those that were looked at, and */
    VEC(Given) taken; /* what each became; without a value: it does not fit */
} Adoption;

static Given take(const Adoption *adoption, const Given *given)
{
    const Slot *slot = adoption->slot;
    const SettingChange change = {.name = slot->name, .source = given->source, .is_superuser = given->by_superuser};
    void *owner = adoption->settings->owner;
    const char *canonical = NULL;
    Error error;
    error_init(&error, adoption->arena);
    if (given->source == SOURCE_DEFAULT)
        return default_given(adoption->settings, slot->def);
    bool fits = context_allows(slot->def, &change, &error) &&
                setting_parse(slot->def, slot->name, given->value, adoption->arena, &canonical, &error);
    if (fits && slot->hook && slot->hook->check)
        fits = slot->hook->check(owner, slot->def, given->value, adoption->arena, &canonical, &error);
    if (!fits)
        notice_full(adoption->notices, SEVERITY_WARNING, error.sqlstate, error.message, error.detail, error.hint);
    return (Given){fits ? (char *)(uintptr_t)canonical : NULL, given->source, given->by_superuser};
}

/* below: what is there where the value does not fit. */
static void adopt_value(Adoption *adoption, Given *given, const Given *below)
{
    size_t i = 0;
    while (i < adoption->given.count &&
           !(str_eq(adoption->given.items[i].value, given->value) && adoption->given.items[i].source == given->source &&
             adoption->given.items[i].by_superuser == given->by_superuser))
        i++;
    if (i == adoption->given.count) {
        const Given own = {arena_strdup(adoption->arena, given->value), given->source, given->by_superuser};
        vec_push(adoption->arena, &adoption->given, own);
        vec_push(adoption->arena, &adoption->taken, take(adoption, given));
    }
    const Given *taken = &adoption->taken.items[i];
    replace(given, taken->value ? taken : below);
}

/* Values as they came, one over the other. */
static void adopt(const Settings *settings, Slot *slot, const SettingDef *def, const Notices *notices)
{
    Arena *arena = arena_open(NULL);
    Adoption adoption = {.settings = settings, .slot = slot, .notices = notices, .arena = arena};
    const Given basis = default_given(settings, def);
    free(slot->name);
    slot->name = copy(def->name);
    slot->def = def;
    slot->hook = hook_of(settings, def->name);
    adopt_value(&adoption, &slot->reset, &basis);
    const Given *now = &slot->reset, *session = &slot->reset;
    for (size_t i = 0; i < settings->nundo; i++) {
        Undo *undo = &settings->undo[i];
        if (undo->slot != slot)
            continue;
        adopt_value(&adoption, &undo->session, session);
        adopt_value(&adoption, &undo->now, now);
        now = &undo->now;
        session = &undo->session;
    }
    adopt_value(&adoption, &slot->session, session);
    adopt_value(&adoption, &slot->now, now);
    arena_close(arena);
}

static void remove_reserved(Settings *settings, Slot *slot, const char *library, const Notices *notices)
{
    Arena *arena = arena_open(NULL);
    notice_full(notices, SEVERITY_WARNING, ERRCODE_INVALID_NAME,
                arena_printf(arena, "invalid configuration parameter name \"%s\", removing it", slot->name),
                arena_printf(arena, "\"%s\" is now a reserved prefix.", library), NULL);
    arena_close(arena);
    remove_slot(settings, slot);
}

void settings_load(Settings *settings, const char *library, const Notices *notices)
{
    if (is_loaded(settings, library))
        return;
    vec_push(settings->arena, &settings->libraries, arena_strdup(settings->arena, library));
    for (Slot *slot = settings->slots; slot; slot = slot->next) {
        const SettingDef *def = slot->def ? NULL : definition_of(settings, slot->name);
        if (def) {
            adopt(settings, slot, def, notices);
            apply(settings, slot);
        }
    }
    for (Slot *slot = settings->slots, *next; slot; slot = next) {
        next = slot->next;
        if (!slot->def && has_prefix(slot->name, library))
            remove_reserved(settings, slot, library, notices);
    }
}

void settings_force(Settings *settings, const char *name, const char *value)
{
    const SettingDef *def = definition_of(settings, name);
    Slot *slot = slot_make(settings, def, name);
    const Given given = {(char *)(uintptr_t)value, SOURCE_OVERRIDE, true};
    replace(&slot->now, &given);
    replace(&slot->session, &given);
    replace(&slot->reset, &given);
    apply(settings, slot);
}

/* Settings that RESET ALL leaves alone. */
static bool stays_on_reset_all(const Slot *slot)
{
    static const char *const NAMES[] = {"role",
                                        "session_authorization",
                                        "is_superuser",
                                        "seed",
                                        "transaction_isolation",
                                        "transaction_read_only",
                                        "transaction_deferrable"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (strcmp(slot->name, NAMES[i]) == 0)
            return true;
    return slot->def && slot->def->context != CONTEXT_USER && slot->def->context != CONTEXT_SUPERUSER;
}

void settings_reset_all(Settings *settings, int level)
{
    for (Slot *slot = settings->slots; slot; slot = slot->next)
        if (!stays_on_reset_all(slot) && slot->now.source == SOURCE_SESSION)
            assign(settings, slot, &slot->reset, false, level);
}

const char *settings_flags(const Settings *settings, const char *name)
{
    const SettingDef *def = definition_of(settings, name);
    return def ? def->flags : slot_find(settings, name) ? "{NO_SHOW_ALL,NOT_IN_SAMPLE}" : NULL;
}

const char *settings_get(Settings *settings, const char *name)
{
    const SettingDef *def = definition_of(settings, name);
    Slot *slot = slot_find(settings, def ? def->name : name);
    SettingSource source;
    if (slot)
        return slot->now.value;
    return def ? default_of(settings, def, &source) : NULL;
}

int64_t settings_get_int(Settings *settings, const char *name)
{
    return strtoll(settings_get(settings, name), NULL, 10);
}

bool settings_get_bool(Settings *settings, const char *name)
{
    return strcmp(settings_get(settings, name), "on") == 0;
}

static const char *show(Settings *settings, const SettingDef *def, const char *value, bool with_unit, Arena *arena)
{
    const SettingHook *hook = def ? hook_of(settings, def->name) : NULL;
    if (hook && hook->show)
        return hook->show(settings->owner, value, arena);
    return def && with_unit ? setting_print(def, value, arena) : arena_strdup(arena, value);
}

const char *settings_show(Settings *settings, const char *name, Arena *arena)
{
    const char *value = settings_get(settings, name);
    return value ? show(settings, definition_of(settings, name), value, true, arena) : NULL;
}

static SettingRow row_of(Settings *settings, const SettingDef *def, const Slot *slot, Arena *arena)
{
    SettingSource source = SOURCE_DEFAULT;
    const char *reset = slot ? slot->reset.value : default_of(settings, def, &source);
    const char *value = slot ? slot->now.value : reset;
    if (slot)
        source = slot->now.source;
    return (SettingRow){
        .name = def->name,
        .value = show(settings, def, value, false, arena),
        .unit = def->unit,
        .category = def->category,
        .short_desc = def->short_desc,
        .context = CONTEXT_NAMES[def->context],
        .vartype = TYPE_NAMES[def->type],
        .source = SOURCE_NAMES[source],
        .min = def->min_text,
        .max = def->max_text,
        .boot_value = def->boot_value,
        .reset_value = reset,
        .enum_values = def->enum_values,
    };
}

size_t settings_rows(Settings *settings, Arena *arena, SettingRow **rows, const char *const **shown)
{
    VEC(SettingRow) list = {0};
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (!SETTING_DEFS[i].hidden && definition_of(settings, SETTING_DEFS[i].name))
            vec_push(arena, &list, row_of(settings, &SETTING_DEFS[i], slot_find(settings, SETTING_DEFS[i].name), arena));
    *rows = list.items;
    if (shown) {
        const char **texts = ARENA_ARRAY(arena, const char *, list.count);
        for (size_t i = 0; i < list.count; i++)
            texts[i] = settings_show(settings, list.items[i].name, arena);
        *shown = texts;
    }
    return list.count;
}

size_t settings_explained(Settings *settings, Arena *arena, const char *const **names, const char *const **shown)
{
    VEC(const char *) list = {0}, texts = {0};
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const SettingDef *def = &SETTING_DEFS[i];
        const Slot *slot = strstr(def->flags, "EXPLAIN") ? slot_find(settings, def->name) : NULL;
        SettingSource source;
        if (!slot || str_eq(slot->now.value, default_of(settings, def, &source)))
            continue;
        vec_push(arena, &list, def->name);
        vec_push(arena, &texts, show(settings, def, slot->now.value, true, arena));
    }
    *names = list.items;
    *shown = texts.items;
    return list.count;
}

uint64_t settings_generation(const Settings *settings)
{
    return settings->generation;
}

/* Roles are told apart by their OIDs. */
static bool shapes_plans(const Slot *slot)
{
    static const char *const OTHERS[] = {"application_name",
                                         "client_min_messages",
                                         "idle_in_transaction_session_timeout",
                                         "idle_session_timeout",
                                         "is_superuser",
                                         "lock_timeout",
                                         "postgres_fdw.application_name",
                                         "role",
                                         "session_authorization",
                                         "statement_timeout",
                                         "transaction_deferrable",
                                         "transaction_isolation",
                                         "transaction_read_only"};
    for (size_t i = 0; i < COUNT_OF(OTHERS); i++)
        if (strcmp(slot->name, OTHERS[i]) == 0)
            return false;
    return true;
}

const unsigned char *settings_fingerprint(Settings *settings)
{
    if (settings->fingerprinted == settings->generation)
        return settings->fingerprint;
    crypto_generichash_state state;
    SettingSource source;
    crypto_generichash_init(&state, NULL, 0, sizeof settings->fingerprint);
    for (const Slot *slot = settings->slots; slot; slot = slot->next) {
        if (!shapes_plans(slot) || str_eq(slot->now.value, slot->def ? default_of(settings, slot->def, &source) : ""))
            continue;
        crypto_generichash_update(&state, (const unsigned char *)slot->name, strlen(slot->name) + 1);
        crypto_generichash_update(&state, (const unsigned char *)slot->now.value, strlen(slot->now.value) + 1);
    }
    crypto_generichash_final(&state, settings->fingerprint, sizeof settings->fingerprint);
    settings->fingerprinted = settings->generation;
    return settings->fingerprint;
}

void settings_commit(Settings *settings)
{
    for (size_t i = settings->nundo; i-- > 0;) {
        Slot *slot = settings->undo[i].slot;
        bool differs = slot && !str_eq(slot->now.value, slot->session.value);
        if (slot)
            replace(&slot->now, &slot->session);
        if (differs)
            apply(settings, slot);
        drop_undo(settings, i);
    }
    settings->nundo = 0;
}

static void undo_last(Settings *settings)
{
    Undo *undo = &settings->undo[--settings->nundo];
    Slot *slot = undo->slot;
    bool differs = slot && !str_eq(slot->now.value, undo->now.value);
    if (slot) {
        replace(&slot->now, &undo->now);
        replace(&slot->session, &undo->session);
    }
    drop_undo(settings, settings->nundo);
    if (differs)
        apply(settings, slot);
}

void settings_rollback(Settings *settings, int level)
{
    while (settings->nundo && settings->undo[settings->nundo - 1].level >= level)
        undo_last(settings);
}

void settings_back_to(Settings *settings, size_t mark)
{
    while (settings->nundo > mark)
        undo_last(settings);
}

size_t settings_mark(const Settings *settings)
{
    return settings->nundo;
}

void settings_release(Settings *settings, int level)
{
    for (size_t i = 0; i < settings->nundo; i++)
        if (settings->undo[i].level >= level)
            settings->undo[i].level = level - 1;
}
