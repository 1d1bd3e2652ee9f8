/*
 * func_regex.c - operators and functions over regular expressions.
 *
 *  1. Where the places of groups are wanted, or what the translation (regex.c) cannot say, the tree matches (regex_match.c).
 * Any thread.
 */
#include "func/regex.h"

/* By the translation where it can say the pattern; texts of collation C by the tree. */
static bool match(FuncCall *call, bool fold, bool negated)
{
    const Value *text = &call->args[0], *pattern = &call->args[1];
    bool found, ascii = call->ascii;
    Error *error = call->error, refused;
    error_init(&refused, call->arena);
    call->error = &refused;
    bool ok = !ascii && regex_matches(call, pattern->s.ptr, pattern->s.len, fold, text->s.ptr, text->s.len, &found);
    call->error = error;
    if (!ok) {
        RegexFlags flags = {.fold = fold, .ascii = ascii};
        Regex *regex = regex_cached(pattern->s.ptr, pattern->s.len, flags, error);
        if (!regex || !regex_test(regex, text->s.ptr, text->s.len, &found, call->arena, error))
            return false;
    }
    return return_bool(call, found != negated);
}

static bool matches(FuncCall *call)
{
    return match(call, false, false);
}

static bool matches_not(FuncCall *call)
{
    return match(call, false, true);
}

static bool matches_folded(FuncCall *call)
{
    return match(call, true, false);
}

static bool matches_not_folded(FuncCall *call)
{
    return match(call, true, true);
}

/* ---- functions: text, pattern, and more by their places among the arguments ---- */

/* Where functions have their other arguments; 0: nowhere. */
typedef struct Places {
    int start, nth, end, flags, group;
    bool all; /* nth may be 0: every match */
} Places;

typedef struct Search {
    FuncCall *call;
    const char *name, *pattern, *text;
    size_t pattern_len, len, first;
    RegexFlags flags;
    bool global, is_simple;
    int64_t start, nth, group;
    Regex *regex;
    RegexPlace *places; /* of the last match */
} Search;

static bool read_flag(Search *search, const char *at, size_t *len)
{
    FuncCall *call = search->call;
    text_decode(at, len);
    switch (*at) {
    case 'g':
        search->global = true;
        return true;
    case 'i':
    case 'c':
        search->flags.fold = *at == 'i';
        return true;
    case 'm':
    case 'n':
        search->flags.newline_dot = search->flags.newline_anchors = true;
        return true;
    case 'p':
    case 'w':
    case 's':
        search->flags.newline_dot = *at == 'p';
        search->flags.newline_anchors = *at == 'w';
        return true;
    case 'q':
        search->flags.literal = true;
        return true;
    case 't':
    case 'x':
        search->flags.expanded = *at == 'x';
        return true;
    case 'b':
    case 'e':
        return error_unsupported(call->error, "regular expression option \"%c\" is not supported", *at);
    default:
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid regular expression option: \"%.*s\"", (int)*len, at);
    }
}

static bool read_flags(Search *search, int index)
{
    const Value *flags = &search->call->args[index];
    size_t len;
    for (size_t i = 0; i < flags->s.len; i += len)
        if (!read_flag(search, flags->s.ptr + i, &len))
            return false;
    return true;
}

/* Flags that the translation to the other matcher has no place for. */
static bool has_special_flags(const Search *search)
{
    const RegexFlags *flags = &search->flags;
    return flags->expanded || flags->literal || flags->newline_dot || flags->newline_anchors || flags->ascii;
}

static bool parse(Search *search)
{
    FuncCall *call = search->call;
    if (search->pattern_len >= 4 && memcmp(search->pattern, "***=", 4) == 0)
        search->flags.literal = false;
    search->regex = regex_cached(search->pattern, search->pattern_len, search->flags, call->error);
    if (!search->regex)
        return false;
    const RegexNode *root = search->regex->root;
    if (!func_has_room(call, search->len * (sizeof(uint32_t) + sizeof(size_t)))) /* its characters, and their places */
        return false;
    search->is_simple = !has_special_flags(search) && !search->regex->ngroups && !root->has_short && !root->has_backs &&
                        !search->regex->has_looks && !memchr(search->pattern, '\\', search->pattern_len) &&
                        !memmem(search->pattern, search->pattern_len, "(?", 2) && !memmem(search->pattern, search->pattern_len, "***", 3);
    search->places = ARENA_ARRAY(call->arena, RegexPlace, search->regex->ngroups + 1);
    return true;
}

/* An integer argument that must be at least `least`. */
static bool read_number(Search *search, int index, const char *name, int64_t least, int64_t *out)
{
    if (!index || index >= search->call->nargs)
        return true;
    *out = search->call->args[index].i;
    return *out >= least ||
           error_set(search->call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid value for parameter \"%s\": %d", name, (int)*out);
}

/* The byte where the character of that number (from 1) starts; behind the end: one more than the length. */
static size_t byte_of(const Search *search, int64_t number)
{
    size_t at = 0;
    for (size_t len; number > 1; number--) {
        if (at >= search->len)
            return search->len + 1;
        text_decode(search->text + at, &len);
        at += len;
    }
    return at;
}

static bool read_search(FuncCall *call, const char *name, Places places, Search *out)
{
    *out = (Search){.call = call,
                    .name = name,
                    .pattern = call->args[1].s.ptr,
                    .pattern_len = call->args[1].s.len,
                    .text = call->args[0].s.ptr,
                    .len = call->args[0].s.len,
                    .flags = {.ascii = call->ascii},
                    .start = 1,
                    .nth = 1};
    int64_t end = 0;
    if (!read_number(out, places.start, "start", 1, &out->start) || !read_number(out, places.nth, "n", places.all ? 0 : 1, &out->nth))
        return false;
    if (!read_number(out, places.end, "endoption", 0, &end))
        return false;
    if (end > 1)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid value for parameter \"endoption\": %d", (int)end);
    if (!read_number(out, places.group, "subexpr", 0, &out->group))
        return false;
    out->first = byte_of(out, out->start);
    return !places.flags || places.flags >= call->nargs || read_flags(out, places.flags);
}

static bool refuse_global(Search *search)
{
    if (search->global)
        return error_set(search->call->error, ERRCODE_INVALID_PARAMETER_VALUE, "%s does not support the \"global\" option", search->name);
    return true;
}

/* The first match at or behind byte `from`, in search->places. */
static bool find(Search *search, size_t from, bool *found)
{
    RegexMatch match;
    *found = false;
    if ((!search->regex && !parse(search)) || !func_goes_on(search->call))
        return false;
    if (from > search->len)
        return true;
    if (!search->is_simple)
        return regex_run(search->regex, search->text, search->len, from, search->places, found, search->call->arena, search->call->error);
    Error refused, *error = search->call->error;
    error_init(&refused, search->call->arena);
    search->call->error = &refused;
    bool ok = regex_find(search->call, search->pattern, search->pattern_len, search->flags.fold, search->text, search->len, from, &match);
    search->call->error = error;
    if (!ok) {
        search->is_simple = false;
        return find(search, from, found);
    }
    *found = match.found;
    search->places[0] = (RegexPlace){match.start, match.end, match.found};
    return true;
}

/* Where to look next: behind the match, and behind one character more when it was empty. */
static size_t next_start(const Search *search)
{
    const RegexPlace *match = &search->places[0];
    if (match->end > match->start)
        return match->end;
    if (match->end >= search->len)
        return search->len + 1;
    size_t len;
    text_decode(search->text + match->end, &len);
    return match->end + len;
}

/* The nth match from search->first on. */
static bool find_nth(Search *search, bool *found)
{
    size_t from = search->first;
    for (int64_t i = 0; i < search->nth; i++) {
        if (!find(search, from, found))
            return false;
        if (!*found)
            return true;
        from = next_start(search);
    }
    return true;
}

static bool return_place(Search *search, const RegexPlace *place)
{
    return place->found ? return_bytes(search->call, search->text + place->start, place->end - place->start) : return_null(search->call);
}

static bool regexp_like(FuncCall *call)
{
    Search search;
    bool found;
    return read_search(call, "regexp_like()", (Places){.flags = 2}, &search) && refuse_global(&search) && find(&search, 0, &found) &&
           return_bool(call, found);
}

/* substring(text from pattern): the first group, if there is one. */
static bool regexp_substring(FuncCall *call)
{
    Search search;
    bool found;
    if (!read_search(call, "substring", (Places){0}, &search) || !find(&search, 0, &found))
        return false;
    return found ? return_place(&search, &search.places[search.regex->ngroups ? 1 : 0]) : return_null(call);
}

/* A pattern without groups counts as one itself. NULL: it has not so many. */
static const RegexPlace *place_of_group(const Search *search)
{
    if (search->group == 1 && !search->regex->ngroups)
        return &search->places[0];
    return search->group <= search->regex->ngroups ? &search->places[search->group] : NULL;
}

static bool regexp_substr(FuncCall *call)
{
    Search search;
    bool found;
    if (!read_search(call, "regexp_substr()", (Places){.start = 2, .nth = 3, .flags = 4, .group = 5}, &search) || !refuse_global(&search) ||
        !find_nth(&search, &found))
        return false;
    const RegexPlace *place = found ? place_of_group(&search) : NULL;
    return place ? return_place(&search, place) : return_null(call);
}

static int64_t characters(const char *text, size_t len)
{
    int64_t count = 0;
    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

static bool regexp_instr(FuncCall *call)
{
    Search search;
    bool found;
    if (!read_search(call, "regexp_instr()", (Places){.start = 2, .nth = 3, .end = 4, .flags = 5, .group = 6}, &search) ||
        !refuse_global(&search) || !find_nth(&search, &found))
        return false;
    const RegexPlace *place = found ? place_of_group(&search) : NULL;
    if (!place || !place->found)
        return return_int(call, 0);
    bool behind = call->nargs > 4 && call->args[4].i;
    return return_int(call, characters(search.text, behind ? place->end : place->start) + 1);
}

const char *regex_groups_text(FuncCall *call, const Regex *regex, const RegexPlace *places, const char *text)
{
    int count = regex->ngroups ? regex->ngroups : 1, first = regex->ngroups ? 1 : 0;
    ArrayElement *elements = ARENA_ARRAY(call->arena, ArrayElement, count);
    for (int i = 0; i < count; i++) {
        const RegexPlace *place = &places[first + i];
        elements[i] = place->found ? (ArrayElement){text + place->start, place->end - place->start} : (ArrayElement){0};
    }
    Str out;
    str_init(&out, call->arena);
    type_array_write(elements, (size_t)count, &out);
    return out.data;
}

static bool regexp_match(FuncCall *call)
{
    Search search;
    bool found;
    if (!read_search(call, "regexp_match()", (Places){.flags = 2}, &search))
        return false;
    if (!refuse_global(&search))
        return error_hint(call->error, "Use the regexp_matches function instead.");
    if (!find(&search, 0, &found))
        return false;
    return found ? return_text(call, regex_groups_text(call, search.regex, search.places, search.text)) : return_null(call);
}

bool regex_each_match(FuncSetCall *set)
{
    FuncCall *call = &set->call;
    Search search;
    bool found;
    if (call->args[0].is_null || call->args[1].is_null || (call->nargs > 2 && call->args[2].is_null))
        return true;
    if (!read_search(call, "regexp_matches()", (Places){.flags = 2}, &search))
        return false;
    for (size_t from = 0; from <= search.len; from = next_start(&search)) {
        if (!find(&search, from, &found))
            return false;
        if (!found)
            return true;
        const char *text = regex_groups_text(call, search.regex, search.places, search.text);
        Value row = value_text(text, strlen(text));
        if (!set->emit(set->sink, &row, 1) || !search.global)
            return true;
    }
    return true;
}

static bool regexp_count(FuncCall *call)
{
    Search search;
    int64_t count = 0;
    bool found;
    if (!read_search(call, "regexp_count()", (Places){.start = 2, .flags = 3}, &search) || !refuse_global(&search) || !parse(&search))
        return false;
    for (size_t from = search.first; from <= search.len; from = next_start(&search)) {
        if (!find(&search, from, &found))
            return false;
        if (!found)
            break;
        count++;
    }
    return return_int(call, count);
}

/* \& is the whole match, \1 to \9 a group, \\ a backslash. */
static void add_replacement(const Search *search, const Value *with, Str *out)
{
    for (size_t i = 0; i < with->s.len; i++) {
        char c = with->s.ptr[i], next = i + 1 < with->s.len ? with->s.ptr[i + 1] : '\0';
        int group = next == '&' ? 0 : next >= '1' && next <= '9' ? next - '0' : -1;
        if (c != '\\') {
            str_addc(out, c);
        } else if (group >= 0) {
            const RegexPlace *place = group <= search->regex->ngroups ? &search->places[group] : NULL;
            if (place && place->found)
                str_addn(out, search->text + place->start, place->end - place->start);
            i++;
        } else {
            str_addc(out, '\\');
            i += next == '\\';
        }
    }
}

/* nth 0: every match. */
static bool replace(Search *search, int64_t nth)
{
    FuncCall *call = search->call;
    Str out;
    str_init(&out, call->arena);
    size_t done = 0;
    int64_t count = 0;
    bool found;
    if (!parse(search)) /* also where there is nothing to search */
        return false;
    for (size_t from = search->first; from <= search->len; from = next_start(search)) {
        if (!find(search, from, &found))
            return false;
        if (!found)
            break;
        if (nth && ++count != nth)
            continue;
        str_addn(&out, search->text + done, search->places[0].start - done);
        add_replacement(search, &call->args[2], &out);
        done = search->places[0].end;
        if (nth)
            break;
    }
    str_addn(&out, search->text + done, search->len - done);
    return return_bytes(call, out.data, out.len);
}

/* Of the forms with a start, the number of the match is said, not by the flag g. */
static bool regexp_replace(FuncCall *call)
{
    Search search;
    bool is_old = call->nargs == 3 || call->arg_types[3] == TYPE_TEXT;
    Places places = is_old ? (Places){.flags = 3} : (Places){.start = 3, .nth = 4, .flags = 5, .all = true};
    if (is_old && call->nargs > 3 && call->args[3].s.len && call->args[3].s.ptr[0] >= '0' && call->args[3].s.ptr[0] <= '9') {
        error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid regular expression option: \"%c\"", call->args[3].s.ptr[0]);
        return error_hint(call->error, "If you meant to use regexp_replace() with a start parameter, cast the fourth argument to integer "
                                       "explicitly.");
    }
    if (!read_search(call, "regexp_replace()", places, &search))
        return false;
    bool every = search.global && call->nargs < 5; /* a number that is given counts more than the flag */
    return replace(&search, every ? 0 : search.nth);
}

/* Empty matches at the ends and right behind a match do not split. */
static bool regexp_split(FuncCall *call)
{
    Search search;
    bool found;
    if (!read_search(call, call->return_type == TYPE_TEXT ? "regexp_split_to_table()" : "regexp_split_to_array()", (Places){.flags = 2},
                     &search) ||
        !refuse_global(&search))
        return false;
    VEC(ArrayElement) parts = {0};
    size_t done = 0;
    for (size_t from = 0; from <= search.len; from = next_start(&search)) {
        if (!find(&search, from, &found))
            return false;
        if (!found)
            break;
        const RegexPlace *match = &search.places[0];
        if (match->start < search.len && match->end > done) {
            ArrayElement part = {search.text + done, match->start - done};
            vec_push(call->arena, &parts, part);
            done = match->end;
        }
    }
    ArrayElement last = {search.text + done, search.len - done};
    vec_push(call->arena, &parts, last);
    Str out;
    str_init(&out, call->arena);
    type_array_write(parts.items, parts.count, &out);
    return return_bytes(call, out.data, out.len);
}

/* ---- SIMILAR TO: SQL's patterns as regular expressions ---- */

static bool add_similar(FuncCall *call, const char *at, const char *end, const char *escape, size_t escape_len, Str *out)
{
    /* A separator ends a part: the first as short as can be, the second is the one that is wanted. */
    static const char *const SEPARATORS[] = {"){1,1}?(", "){1,1}(?:"};
    bool in_class = false, after_escape = false;
    size_t parts = 0;
    for (size_t len; at < end; at += len) {
        text_decode(at, &len);
        bool is_escape = escape_len && len == escape_len && memcmp(at, escape, len) == 0;
        if (after_escape) {
            after_escape = false;
            if (*at == '"' && !in_class) {
                if (parts == COUNT_OF(SEPARATORS))
                    return error_set(call->error, ERRCODE_INVALID_USE_OF_ESCAPE_CHARACTER,
                                     "SQL regular expression may not contain more than two escape-double-quote separators");
                str_add(out, SEPARATORS[parts++]);
                continue;
            }
            str_addc(out, '\\');
            str_addn(out, at, len);
        } else if (is_escape) {
            after_escape = true;
        } else if (in_class) {
            str_add(out, *at == '\\' ? "\\" : "");
            str_addn(out, at, len);
            in_class = *at != ']';
        } else if (*at == '%' || *at == '_') {
            str_add(out, *at == '%' ? ".*" : ".");
        } else if (*at == '(') {
            str_add(out, "(?:");
        } else {
            str_add(out, strchr("\\.^$", *at) ? "\\" : "");
            str_addn(out, at, len);
            in_class = *at == '[';
        }
    }
    return true;
}

/* given: the escape string, NULL: a backslash. */
static bool add_anchored(FuncCall *call, const Value *pattern, const Value *given, Str *out)
{
    const char *escape = "\\";
    size_t escape_len = 1;
    if (given) {
        size_t len = 0;
        escape = given->s.ptr;
        escape_len = given->s.len;
        if (escape_len)
            text_decode(escape, &len);
        if (len != escape_len) {
            error_set(call->error, ERRCODE_INVALID_ESCAPE_SEQUENCE, "invalid escape string");
            return error_hint(call->error, "Escape string must be empty or one character.");
        }
    }
    str_add(out, "^(?:");
    if (!add_similar(call, pattern->s.ptr, pattern->s.ptr + pattern->s.len, escape, escape_len, out))
        return false;
    str_add(out, ")$");
    return true;
}

static bool similar_to_escape(FuncCall *call)
{
    Str out;
    str_init(&out, call->arena);
    return add_anchored(call, &call->args[0], call->nargs > 1 ? &call->args[1] : NULL, &out) && return_bytes(call, out.data, out.len);
}

/* The old form, which takes NULL for the usual escape character. */
static bool similar_escape(FuncCall *call)
{
    Str out;
    str_init(&out, call->arena);
    if (call->args[0].is_null)
        return return_null(call);
    return add_anchored(call, &call->args[0], call->args[1].is_null ? NULL : &call->args[1], &out) && return_bytes(call, out.data, out.len);
}

/* substring(text similar pattern escape character) */
static bool similar_substring(FuncCall *call)
{
    Str pattern;
    str_init(&pattern, call->arena);
    if (!add_anchored(call, &call->args[1], &call->args[2], &pattern))
        return false;
    Value args[2] = {call->args[0], value_text(pattern.data, pattern.len)};
    FuncCall inner = *call;
    inner.args = args;
    inner.nargs = 2;
    return regexp_substring(&inner);
}

static const FuncRow ROWS[] = {
    {F_TEXTREGEXEQ_TEXT_TEXT, matches},
    {F_NAMEREGEXEQ_NAME_TEXT, matches},
    {F_BPCHARREGEXEQ_BPCHAR_TEXT, matches},
    {F_TEXTREGEXNE_TEXT_TEXT, matches_not},
    {F_NAMEREGEXNE_NAME_TEXT, matches_not},
    {F_BPCHARREGEXNE_BPCHAR_TEXT, matches_not},
    {F_TEXTICREGEXEQ_TEXT_TEXT, matches_folded},
    {F_NAMEICREGEXEQ_NAME_TEXT, matches_folded},
    {F_BPCHARICREGEXEQ_BPCHAR_TEXT, matches_folded},
    {F_TEXTICREGEXNE_TEXT_TEXT, matches_not_folded},
    {F_NAMEICREGEXNE_NAME_TEXT, matches_not_folded},
    {F_BPCHARICREGEXNE_BPCHAR_TEXT, matches_not_folded},
    {F_REGEXP_LIKE_TEXT_TEXT, regexp_like},
    {F_REGEXP_LIKE_TEXT_TEXT_TEXT, regexp_like},
    {F_SUBSTRING_TEXT_TEXT, regexp_substring},
    {F_REGEXP_SUBSTR_TEXT_TEXT, regexp_substr},
    {F_REGEXP_SUBSTR_TEXT_TEXT_INT4, regexp_substr},
    {F_REGEXP_SUBSTR_TEXT_TEXT_INT4_INT4, regexp_substr},
    {F_REGEXP_SUBSTR_TEXT_TEXT_INT4_INT4_TEXT, regexp_substr},
    {F_REGEXP_SUBSTR_TEXT_TEXT_INT4_INT4_TEXT_INT4, regexp_substr},
    {F_REGEXP_INSTR_TEXT_TEXT, regexp_instr},
    {F_REGEXP_INSTR_TEXT_TEXT_INT4, regexp_instr},
    {F_REGEXP_INSTR_TEXT_TEXT_INT4_INT4, regexp_instr},
    {F_REGEXP_INSTR_TEXT_TEXT_INT4_INT4_INT4, regexp_instr},
    {F_REGEXP_INSTR_TEXT_TEXT_INT4_INT4_INT4_TEXT, regexp_instr},
    {F_REGEXP_INSTR_TEXT_TEXT_INT4_INT4_INT4_TEXT_INT4, regexp_instr},
    {F_REGEXP_COUNT_TEXT_TEXT_INT4, regexp_count},
    {F_REGEXP_COUNT_TEXT_TEXT_INT4_TEXT, regexp_count},
    {F_REGEXP_REPLACE_TEXT_TEXT_TEXT_INT4, regexp_replace},
    {F_REGEXP_REPLACE_TEXT_TEXT_TEXT_INT4_INT4, regexp_replace},
    {F_REGEXP_REPLACE_TEXT_TEXT_TEXT_INT4_INT4_TEXT, regexp_replace},
    {F_REGEXP_MATCH_TEXT_TEXT, regexp_match},
    {F_REGEXP_MATCH_TEXT_TEXT_TEXT, regexp_match},
    {F_REGEXP_COUNT_TEXT_TEXT, regexp_count},
    {F_REGEXP_REPLACE_TEXT_TEXT_TEXT, regexp_replace},
    {F_REGEXP_REPLACE_TEXT_TEXT_TEXT_TEXT, regexp_replace},
    {F_REGEXP_SPLIT_TO_ARRAY_TEXT_TEXT, regexp_split},
    {F_REGEXP_SPLIT_TO_ARRAY_TEXT_TEXT_TEXT, regexp_split},
    {F_SUBSTRING_TEXT_TEXT_TEXT, similar_substring},
    {F_SIMILAR_ESCAPE_TEXT_TEXT, similar_escape},
    {F_SIMILAR_TO_ESCAPE_TEXT, similar_to_escape},
    {F_SIMILAR_TO_ESCAPE_TEXT_TEXT, similar_to_escape},
};
const FuncTable FUNC_TABLE_REGEX = {ROWS, COUNT_OF(ROWS)};
