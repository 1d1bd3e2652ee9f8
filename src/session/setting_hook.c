/*
 * setting_hook.c - what settings do in Medley: checks beyond their type, and where their values go.
 *
 * One row a setting. A setting without a row is accepted, shown and kept, and changes nothing.
 *
 * Invariants:
 *  1. An apply function never fails and never looks into the catalog: it also runs while a transaction is being undone. Role names
 *     are turned into OIDs by the check, which remembers them in Session.role_oids.
 * Entered by the session's worker only.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "session/session_int.h"

const char *const REPORTED_SETTINGS[] = {
    "application_name",
    "client_encoding",
    "DateStyle",
    "default_transaction_read_only",
    "in_hot_standby",
    "integer_datetimes",
    "IntervalStyle",
    "is_superuser",
    "server_encoding",
    "server_version",
    "session_authorization",
    "standard_conforming_strings",
    "TimeZone",
};
const size_t REPORTED_SETTING_COUNT = COUNT_OF(REPORTED_SETTINGS);

/* ---- DateStyle ---- */

static const struct {
    const char *word;
    int style, order; /* -1: says nothing about it */
} DATE_WORDS[] = {
    {"iso", DATE_STYLE_ISO, -1},         {"sql", DATE_STYLE_SQL, -1},     {"german", DATE_STYLE_GERMAN, -1},
    {"ymd", -1, DATE_ORDER_YMD},         {"dmy", -1, DATE_ORDER_DMY},     {"european", -1, DATE_ORDER_DMY},
    {"euro", -1, DATE_ORDER_DMY},        {"mdy", -1, DATE_ORDER_MDY},     {"us", -1, DATE_ORDER_MDY},
    {"noneuropean", -1, DATE_ORDER_MDY}, {"noneuro", -1, DATE_ORDER_MDY}, {"postgres", DATE_STYLE_POSTGRES, -1},
};
static const char *const STYLE_NAMES[] = {
    [DATE_STYLE_ISO] = "ISO", [DATE_STYLE_SQL] = "SQL", [DATE_STYLE_POSTGRES] = "Postgres", [DATE_STYLE_GERMAN] = "German"};
static const char *const ORDER_NAMES[] = {[DATE_ORDER_MDY] = "MDY", [DATE_ORDER_DMY] = "DMY", [DATE_ORDER_YMD] = "YMD"};

typedef struct DateWords {
    int style, order;
    bool conflict;
} DateWords;

static bool take_date_word(DateWords *words, const char *word)
{
    /* PostgreSQL compares the first letters: any word that starts so will do. */
    for (size_t i = 0; i < COUNT_OF(DATE_WORDS); i++) {
        bool is_prefix = strcmp(DATE_WORDS[i].word, "postgres") == 0 || strcmp(DATE_WORDS[i].word, "euro") == 0 ||
                         strcmp(DATE_WORDS[i].word, "noneuro") == 0;
        size_t len = strlen(DATE_WORDS[i].word);
        if (is_prefix ? strncasecmp(word, DATE_WORDS[i].word, len) != 0 : strcasecmp(word, DATE_WORDS[i].word) != 0)
            continue;
        if (DATE_WORDS[i].style >= 0) {
            words->conflict |= words->style >= 0 && words->style != DATE_WORDS[i].style;
            words->style = DATE_WORDS[i].style;
        }
        if (DATE_WORDS[i].order >= 0) {
            words->conflict |= words->order >= 0 && words->order != DATE_WORDS[i].order;
            words->order = DATE_WORDS[i].order;
        }
        return true;
    }
    return false;
}

static bool check_date_style(void *owner, const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error)
{
    const Session *session = owner;
    DateWords words = {-1, -1, false};
    char *copy = arena_strdup(arena, text), *place = NULL;
    for (char *word = strtok_r(copy, ",", &place); word; word = strtok_r(NULL, ",", &place)) {
        while (isspace((unsigned char)*word))
            word++;
        for (char *end = word + strlen(word); end > word && isspace((unsigned char)end[-1]);)
            *--end = '\0';
        if (strcasecmp(word, "default") == 0) {
            words.style = words.style < 0 ? DATE_STYLE_ISO : words.style;
            words.order = words.order < 0 ? DATE_ORDER_MDY : words.order;
        } else if (!take_date_word(&words, word)) {
            setting_invalid(def, text, error);
            return error_detail(error, "Unrecognized key word: \"%s\".", str_lower(arena, word));
        }
    }
    if (words.conflict)
        return setting_invalid(def, text, error), error_detail(error, "Conflicting \"datestyle\" specifications.");
    if (words.order < 0)
        words.order = words.style == DATE_STYLE_GERMAN ? DATE_ORDER_DMY : (int)session->types.date_order;
    if (words.style < 0)
        words.style = (int)session->types.date_style;
    *canonical = arena_printf(arena, "%s, %s", STYLE_NAMES[words.style], ORDER_NAMES[words.order]);
    return true;
}

static void apply_date_style(void *owner, const char *value)
{
    Session *session = owner;
    for (size_t i = 0; i < COUNT_OF(STYLE_NAMES); i++)
        if (strncmp(value, STYLE_NAMES[i], strlen(STYLE_NAMES[i])) == 0)
            session->types.date_style = (DateStyle)i;
    const char *order = strrchr(value, ' ');
    for (size_t i = 0; order && i < COUNT_OF(ORDER_NAMES); i++)
        if (strcmp(order + 1, ORDER_NAMES[i]) == 0)
            session->types.date_order = (DateOrder)i;
}

/* ---- TimeZone ---- */

/* "<+02:30>-02:30", the name PostgreSQL gives a plain offset east of Greenwich. */
static const char *offset_zone(double hours, Arena *arena)
{
    int seconds = (int)lrint(hours * 3600.0);
    int rest = abs(seconds);
    Str digits;
    str_init(&digits, arena);
    str_addf(&digits, "%02d", rest / 3600);
    if (rest % 3600)
        str_addf(&digits, ":%02d", rest % 3600 / 60);
    if (rest % 60)
        str_addf(&digits, ":%02d", rest % 60);
    return arena_printf(arena, "<%c%s>%c%s", seconds < 0 ? '-' : '+', digits.data, seconds < 0 ? '+' : '-', digits.data);
}

static bool zone_of_interval(const SettingDef *def, const char *text, Arena *arena, const char **name, Error *error)
{
    const char *from = strchr(text, '\''), *to = from ? strchr(from + 1, '\'') : NULL;
    Value value;
    if (!to)
        return setting_invalid(def, text, error);
    if (!type_input(TYPE_INTERVAL, -1, from + 1, (size_t)(to - from - 1), &TYPE_CONTEXT_CANONICAL, arena, &value, error))
        return false;
    if (value.interval.months)
        return setting_invalid(def, text, error), error_detail(error, "Cannot specify months in time zone interval.");
    if (value.interval.days)
        return setting_invalid(def, text, error), error_detail(error, "Cannot specify days in time zone interval.");
    *name = offset_zone((double)value.interval.micros / 3600e6, arena);
    return true;
}

static bool check_time_zone(void *owner, const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error)
{
    const char *name = text;
    char *end;
    double hours = strtod(text, &end);
    if (strncasecmp(text, "interval", 8) == 0) {
        if (!zone_of_interval(def, text, arena, &name, error))
            return false;
    } else if (end != text && !*end) {
        if (fabs(hours) > 168)
            return setting_invalid(def, text, error), error_detail(error, "UTC timezone offset is out of range.");
        name = offset_zone(hours, arena);
    }
    const TimeZone *zone = timezone_find(name);
    if (!zone)
        return setting_invalid(def, text, error);
    *canonical = arena_strdup(arena, timezone_name(zone));
    return true;
}

static void apply_time_zone(void *owner, const char *value)
{
    const TimeZone *zone = timezone_find(value);
    if (zone)
        ((Session *)owner)->types.time_zone = zone;
}

/* ---- other formats ---- */

static void apply_interval_style(void *owner, const char *value)
{
    static const char *const NAMES[] = {[INTERVAL_POSTGRES] = "postgres",
                                        [INTERVAL_POSTGRES_VERBOSE] = "postgres_verbose",
                                        [INTERVAL_SQL_STANDARD] = "sql_standard",
                                        [INTERVAL_ISO_8601] = "iso_8601"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (strcmp(value, NAMES[i]) == 0)
            ((Session *)owner)->types.interval_style = (IntervalStyle)i;
}

static void apply_bytea_output(void *owner, const char *value)
{
    ((Session *)owner)->types.bytea_escape = strcmp(value, "escape") == 0;
}

static void apply_extra_float_digits(void *owner, const char *value)
{
    ((Session *)owner)->types.extra_float_digits = atoi(value);
}

/* Encodings that PostgreSQL knows: these are refused as unsupported, others as unknown. Names without case, blanks and dashes. */
static const char *const OTHER_ENCODINGS[] = {
    "abc",         "alt",         "big5",        "euccn",        "eucjis2004",  "eucjp",        "euckr",       "euctw",       "gb18030",
    "gbk",         "iso88591",    "iso885910",   "iso885913",    "iso885914",   "iso885915",    "iso885916",   "iso88592",    "iso88593",
    "iso88594",    "iso88595",    "iso88596",    "iso88597",     "iso88598",    "iso88599",     "johab",       "koi8",        "koi8r",
    "koi8u",       "latin1",      "latin10",     "latin2",       "latin3",      "latin4",       "latin5",      "latin6",      "latin7",
    "latin8",      "latin9",      "mskanji",     "muleinternal", "shiftjis",    "shiftjis2004", "sjis",        "tcvn",        "tcvn5712",
    "uhc",         "vscii",       "win",         "win1250",      "win1251",     "win1252",      "win1253",     "win1254",     "win1255",
    "win1256",     "win1257",     "win1258",     "win866",       "win874",      "win932",       "win936",      "win949",      "win950",
    "windows1250", "windows1251", "windows1252", "windows1253",  "windows1254", "windows1255",  "windows1256", "windows1257", "windows1258",
    "windows866",  "windows874",  "windows932",  "windows936",   "windows949",  "windows950",
};

const char *setting_encoding(const char *text)
{
    char name[32];
    size_t len = 0;
    for (const char *c = text; *c && len + 1 < sizeof name; c++)
        if (isalnum((unsigned char)*c))
            name[len++] = (char)tolower((unsigned char)*c);
    name[len] = '\0';
    if (strcmp(name, "utf8") == 0 || strcmp(name, "unicode") == 0)
        return "UTF8";
    if (strcmp(name, "sqlascii") == 0)
        return "SQL_ASCII";
    for (size_t i = 0; i < COUNT_OF(OTHER_ENCODINGS); i++)
        if (strcmp(OTHER_ENCODINGS[i], name) == 0)
            return "";
    return NULL;
}

static bool check_client_encoding(void *owner, const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error)
{
    const char *encoding = setting_encoding(text);
    if (!encoding)
        return setting_invalid(def, text, error);
    if (!*encoding)
        return error_unsupported(error, "client encoding \"%s\" is not supported", text), error_hint(error, "Use UTF8.");
    *canonical = encoding;
    return true;
}

/* Its other values would give statements another meaning, which they do not have here: better refused than ignored. */
static bool check_is_default(void *owner, const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error)
{
    return strcmp(*canonical, def->boot_value) == 0 ||
           error_unsupported(error, "value \"%s\" of parameter \"%s\" is not supported", *canonical, def->name);
}

static void apply_client_min_messages(void *owner, const char *value)
{
    static const struct {
        const char *name;
        Severity severity;
    } LEVELS[] = {
        {"log", SEVERITY_LOG},         {"info", SEVERITY_INFO},   {"notice", SEVERITY_NOTICE},
        {"warning", SEVERITY_WARNING}, {"error", SEVERITY_ERROR},
    };
    Severity level = SEVERITY_DEBUG;
    for (size_t i = 0; i < COUNT_OF(LEVELS); i++)
        if (strcmp(value, LEVELS[i].name) == 0)
            level = LEVELS[i].severity;
    ((Session *)owner)->client_min_messages = level;
}

static bool check_application_name(void *owner, const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error)
{
    char *clean = arena_strdup(arena, text);
    for (char *c = clean; *c; c++)
        if ((unsigned char)*c < 32 || (unsigned char)*c > 126)
            *c = '?';
    if (strlen(clean) > 63)
        clean[63] = '\0';
    *canonical = clean;
    return true;
}

static void apply_application_name(void *owner, const char *value)
{
    Session *session = owner;
    pthread_mutex_lock(&session->guard);
    snprintf(session->view.application_name, sizeof session->view.application_name, "%s", value);
    pthread_mutex_unlock(&session->guard);
}

/* ---- names ---- */

/* A comma list of identifiers, quoted or not. */
static bool is_identifier_list(const char *text)
{
    const char *at = text;
    while (isspace((unsigned char)*at))
        at++;
    if (!*at)
        return true;
    for (;;) {
        if (*at == '"') {
            for (at++; *at && (*at != '"' || at[1] == '"'); at++)
                at += *at == '"';
            if (*at++ != '"')
                return false;
        } else {
            const char *from = at;
            while (*at && *at != ',' && !isspace((unsigned char)*at))
                at++;
            if (at == from)
                return false;
        }
        while (isspace((unsigned char)*at))
            at++;
        if (!*at)
            return true;
        if (*at++ != ',')
            return false;
        while (isspace((unsigned char)*at))
            at++;
    }
}

static bool check_names(void *owner, const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error)
{
    if (is_identifier_list(text))
        return true;
    return setting_invalid(def, text, error), error_detail(error, "List syntax is invalid.");
}

static void apply_search_path(void *owner, const char *value)
{
    Session *session = owner;
    catalog_set_search_path(session->catalog, value, session->current_user);
}

static void apply_quote_all(void *owner, const char *value)
{
    catalog_quote_all(((Session *)owner)->catalog, strcmp(value, "on") == 0);
}

static bool check_access_method(void *owner, const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error)
{
    if (strcmp(text, "heap") == 0)
        return true;
    if (!*text)
        return setting_invalid(def, text, error), error_detail(error, "%s cannot be empty.", def->name);
    return setting_invalid(def, text, error), error_detail(error, "Table access method \"%s\" does not exist.", text);
}

/* The locales of the C family: what they say of money, numbers and months is alike. */
static bool check_locale(void *owner, const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error)
{
    static const char *const NAMES[] = {"", "C", "POSIX", "C.UTF-8", "C.UTF8", "C.utf8", "C.utf-8"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (strcmp(text, NAMES[i]) == 0)
            return true;
    return setting_invalid(def, text, error);
}

static bool check_timezone_abbreviations(void *owner, const SettingDef *def, const char *text, Arena *arena, const char **canonical,
                                         Error *error)
{
    if (strcmp(text, "Default") == 0)
        return true;
    bool is_other = strcmp(text, "Australia") == 0 || strcmp(text, "India") == 0;
    return is_other ? error_unsupported(error, "value \"%s\" of parameter \"%s\" is not supported", text, def->name)
                    : setting_invalid(def, text, error);
}

static bool check_relation_kinds(void *owner, const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error)
{
    static const char BETWEEN[] = ", \t\n\r\f\v\"";
    if (!check_names(owner, def, text, arena, canonical, error))
        return false;
    char *rest = arena_strdup(arena, text), *save = NULL;
    if (strstr(text, "\"\""))
        return setting_invalid(def, text, error), error_detail(error, "Unrecognized key word: \"\".");
    for (char *word = strtok_r(rest, BETWEEN, &save); word; word = strtok_r(NULL, BETWEEN, &save))
        if (strcasecmp(word, "view") != 0 && strcasecmp(word, "foreign-table") != 0)
            return setting_invalid(def, text, error), error_detail(error, "Unrecognized key word: \"%s\".", word);
    return true;
}

static void apply_relation_kinds(void *owner, const char *value)
{
    const Session *session = owner;
    catalog_restrict_kinds(session->catalog, strcasestr(value, "view") != NULL, strcasestr(value, "foreign-table") != NULL);
}

static const char *show_octal(void *owner, const char *value, Arena *arena)
{
    return arena_printf(arena, "%04o", (unsigned)atoi(value));
}

static const char *show_unavailable(void *owner, const char *value, Arena *arena)
{
    return "unavailable";
}

static const char *show_disabled(void *owner, const char *value, Arena *arena)
{
    return *value ? value : "(disabled)";
}

/* ---- roles ---- */

static Oid role_oid(Session *session, const char *name)
{
    const Oid *known = map_get(session->role_oids, name, strlen(name));
    return known ? *known : OID_NONE;
}

static const CatRole *check_role_name(Session *session, const char *name, Error *error)
{
    const CatRole *role = catalog_role_by_name(session->catalog, name);
    if (!role) {
        error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "role \"%s\" does not exist", name);
        return NULL;
    }
    Oid *known = map_get(session->role_oids, name, strlen(name));
    if (!known) {
        known = ARENA_NEW(session->arena, Oid);
        map_put(session->role_oids, name, strlen(name), known);
    }
    *known = role->oid;
    return role;
}

static bool check_role(void *owner, const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error)
{
    Session *session = owner;
    if (strcmp(text, "none") == 0)
        return true;
    const CatRole *role = check_role_name(session, text, error);
    if (!role)
        return false;
    if (catalog_is_superuser(session->catalog, session->session_user) ||
        catalog_is_member(session->catalog, session->session_user, role->oid))
        return true;
    return error_set(error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied to set role \"%s\"", text);
}

static bool may_become(void *owner, const SettingDef *def, Error *error)
{
    const Session *session = owner;
    if (!session->is_definer && !session->is_restricted)
        return true;
    return error_set(error, ERRCODE_INSUFFICIENT_PRIVILEGE, "cannot set parameter \"%s\" within security-%s", def->name,
                     session->is_definer ? "definer function" : "restricted operation");
}

static void become(Session *session, Oid session_user, Oid current_user)
{
    if (session_user == OID_NONE || current_user == OID_NONE)
        return;
    session_set_user(session, session_user, current_user);
    session->superuser_changed = true;
}

static void apply_role(void *owner, const char *value)
{
    Session *session = owner;
    become(session, session->session_user, strcmp(value, "none") == 0 ? session->session_user : role_oid(session, value));
}

static bool check_session_authorization(void *owner, const SettingDef *def, const char *text, Arena *arena, const char **canonical,
                                        Error *error)
{
    Session *session = owner;
    const CatRole *role = check_role_name(session, text, error);
    if (!role)
        return false;
    if (role->oid == session->authenticated_user || session->authenticated_is_superuser)
        return true;
    return error_set(error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied to set session authorization");
}

static void apply_session_authorization(void *owner, const char *value)
{
    Session *session = owner;
    if (!*value)
        return;
    Oid user = role_oid(session, value);
    become(session, user, user);
}

/* ---- transactions ---- */

static bool check_isolation(void *owner, const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error)
{
    Session *session = owner;
    if (session->tx.state == TX_NONE || strcmp(*canonical, settings_get(session->settings, def->name)) == 0)
        return true;
    if (session->tx.has_snapshot)
        return error_set(error, ERRCODE_ACTIVE_SQL_TRANSACTION, "SET TRANSACTION ISOLATION LEVEL must be called before any query");
    if (session->tx.savepoints.count)
        return error_set(error, ERRCODE_ACTIVE_SQL_TRANSACTION, "SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction");
    return true;
}

static bool check_read_only(void *owner, const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error)
{
    Session *session = owner;
    if (session->tx.state == TX_NONE || strcmp(*canonical, "off") != 0 || !settings_get_bool(session->settings, def->name))
        return true;
    if (session->tx.savepoints.count)
        return error_set(error, ERRCODE_ACTIVE_SQL_TRANSACTION, "cannot set transaction read-write mode inside a read-only transaction");
    if (session->tx.has_snapshot)
        return error_set(error, ERRCODE_ACTIVE_SQL_TRANSACTION, "transaction read-write mode must be set before any query");
    return true;
}

static bool check_deferrable(void *owner, const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error)
{
    Session *session = owner;
    if (session->tx.state == TX_NONE)
        return true;
    if (session->tx.savepoints.count)
        return error_set(error, ERRCODE_ACTIVE_SQL_TRANSACTION,
                         "SET TRANSACTION [NOT] DEFERRABLE cannot be called within a subtransaction");
    if (session->tx.has_snapshot)
        return error_set(error, ERRCODE_ACTIVE_SQL_TRANSACTION, "SET TRANSACTION [NOT] DEFERRABLE must be called before any query");
    return true;
}

/* ---- remote connections ---- */

static void apply_queue_timeout(void *owner, const char *value)
{
    remote_limits(((Session *)owner)->remote)->queue_ms = atoi(value);
}

static void apply_idle_timeout(void *owner, const char *value)
{
    remote_limits(((Session *)owner)->remote)->idle_ms = atoi(value);
}

static void apply_server_connections(void *owner, const char *value)
{
    remote_limits(((Session *)owner)->remote)->connections = atoi(value);
}

static void apply_two_phase(void *owner, const char *value)
{
    remote_limits(((Session *)owner)->remote)->two_phase = str_eq(value, "off")        ? TWO_PHASE_OFF
                                                           : str_eq(value, "required") ? TWO_PHASE_REQUIRED
                                                                                       : TWO_PHASE_PREFER;
}

static void apply_bind_joins(void *owner, const char *value)
{
    ((Session *)owner)->bind = str_eq(value, "off") ? BIND_OFF : str_eq(value, "always") ? BIND_ALWAYS : BIND_AUTO;
}

/* ---- plpgsql ---- */

/* all, none, or a list of what PL/pgSQL may look for. */
static bool check_plpgsql_extra(void *owner, const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error)
{
    static const char *const WORDS[] = {"shadowed_variables", "too_many_rows", "strict_multi_assignment"};
    char *copy = str_lower(arena, text), *place = NULL;
    if (str_eq(copy, "all") || str_eq(copy, "none"))
        return true;
    for (char *word = strtok_r(copy, ", \t\n", &place); word; word = strtok_r(NULL, ", \t\n", &place)) {
        bool known = false;
        for (size_t i = 0; i < COUNT_OF(WORDS); i++)
            known |= str_eq(word, WORDS[i]);
        if (known)
            continue;
        bool alone = str_eq(word, "all") || str_eq(word, "none");
        setting_invalid(def, text, error);
        return error_detail(error, alone ? "Key word \"%s\" cannot be combined with other key words." : "Unrecognized key word: \"%s\".",
                            word);
    }
    return true;
}

const SettingHook SETTING_HOOKS[] = {
    {"plpgsql.extra_errors", .check = check_plpgsql_extra},
    {"plpgsql.extra_warnings", .check = check_plpgsql_extra},
    {"DateStyle", .check = check_date_style, .apply = apply_date_style},
    {"TimeZone", .check = check_time_zone, .apply = apply_time_zone},
    {"IntervalStyle", .apply = apply_interval_style},
    {"bytea_output", .apply = apply_bytea_output},
    {"extra_float_digits", .apply = apply_extra_float_digits},
    {"client_encoding", .check = check_client_encoding},
    {"standard_conforming_strings", .check = check_is_default},
    {"transform_null_equals", .check = check_is_default},
    {"array_nulls", .check = check_is_default},
    {"quote_all_identifiers", .apply = apply_quote_all},
    {"exit_on_error", .check = check_is_default},
    {"max_stack_depth", .check = check_is_default},
    {"xmloption", .check = check_is_default},
    {"xmlbinary", .check = check_is_default},
    {"timezone_abbreviations", .check = check_timezone_abbreviations},
    {"lc_messages", .check = check_locale},
    {"lc_monetary", .check = check_locale},
    {"lc_numeric", .check = check_locale},
    {"lc_time", .check = check_locale},
    {"restrict_nonsystem_relation_kind", .check = check_relation_kinds, .apply = apply_relation_kinds},
    {"client_min_messages", .apply = apply_client_min_messages},
    {"application_name", .check = check_application_name, .apply = apply_application_name},
    {"search_path", .check = check_names, .apply = apply_search_path},
    {"default_tablespace", .find = setting_find_tablespace},
    {"temp_tablespaces", .check = check_names, .find = setting_find_tablespaces},
    {"default_text_search_config", .find = setting_find_search_config},
    {"default_table_access_method", .check = check_access_method},
    {"session_authorization", .check = check_session_authorization, .may_change = may_become, .apply = apply_session_authorization,
     .resets = "role"},
    {"role", .check = check_role, .may_change = may_become, .apply = apply_role},
    {"transaction_isolation", .check = check_isolation},
    {"transaction_read_only", .check = check_read_only},
    {"transaction_deferrable", .check = check_deferrable},
    {"medley.bind_joins", .apply = apply_bind_joins},
    {"medley.connection_queue_timeout", .apply = apply_queue_timeout},
    {"medley.connection_idle_timeout", .apply = apply_idle_timeout},
    {"medley.server_max_connections", .apply = apply_server_connections},
    {"medley.two_phase_commit", .apply = apply_two_phase},
    {"seed", .show = show_unavailable},
    {"archive_command", .show = show_disabled},
    {"unix_socket_permissions", .show = show_octal},
    {"log_file_mode", .show = show_octal},
    {"data_directory_mode", .show = show_octal},
};
const size_t SETTING_HOOK_COUNT = COUNT_OF(SETTING_HOOKS);
