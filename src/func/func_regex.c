/*
 * func_regex.c - operators and functions over regular expressions.
 *
 *  1. Functions that need the place of a capturing group are refused with 0A000 when the pattern has one.
 * Any thread.
 */
#include "func/regex.h"

static bool match(FuncCall *call, bool fold, bool negated)
{
    const Value *text = &call->args[0], *pattern = &call->args[1];
    bool found;
    return regex_matches(call, pattern->s.ptr, pattern->s.len, fold, text->s.ptr, text->s.len, &found) &&
           return_bool(call, found != negated);
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

/* ---- functions: text, pattern and, by its place among the arguments, flags ---- */

typedef struct Search {
    FuncCall *call;
    const char *pattern, *text;
    size_t pattern_len, len;
    bool fold, global;
} Search;

static bool read_flags(Search *search, int index)
{
    const Value *flags = &search->call->args[index];
    for (size_t i = 0; i < flags->s.len; i++) {
        char flag = flags->s.ptr[i];
        size_t len;
        if (flag == 'g')
            search->global = true;
        else if (flag == 'i' || flag == 'c')
            search->fold = flag == 'i';
        else if (!strchr("bemnpqstwx", flag)) {
            text_decode(flags->s.ptr + i, &len);
            return error_set(search->call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid regular expression option: \"%.*s\"", (int)len,
                             flags->s.ptr + i);
        } else if (flag != 's' && flag != 't')
            return error_unsupported(search->call->error, "regular expression option \"%c\" is not supported", flag);
    }
    return true;
}

/* flags: the argument's index; beyond the call's arguments there are none. */
static bool read_search(FuncCall *call, int flags, Search *out)
{
    *out = (Search){.call = call,
                    .pattern = call->args[1].s.ptr,
                    .pattern_len = call->args[1].s.len,
                    .text = call->args[0].s.ptr,
                    .len = call->args[0].s.len};
    return flags >= call->nargs || read_flags(out, flags);
}

static bool find(Search *search, size_t from, RegexMatch *out)
{
    return regex_find(search->call, search->pattern, search->pattern_len, search->fold, search->text, search->len, from, out);
}

static bool refuse_groups(FuncCall *call)
{
    return error_unsupported(call->error, "parentheses that capture in this use of a regular expression are not supported");
}

/* Where to look next: behind the match, and behind one character more when it was empty. */
static size_t next_start(const Search *search, const RegexMatch *match)
{
    if (match->end > match->start)
        return match->end;
    if (match->end >= search->len)
        return search->len + 1;
    size_t len;
    text_decode(search->text + match->end, &len);
    return match->end + len;
}

static bool regexp_like(FuncCall *call)
{
    Search search;
    bool found;
    if (!read_search(call, 2, &search))
        return false;
    if (search.global) {
        error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "%s does not support the \"global\" option", "regexp_like()");
        return false;
    }
    return regex_matches(call, search.pattern, search.pattern_len, search.fold, search.text, search.len, &found) &&
           return_bool(call, found);
}

/* substring(text from pattern), regexp_substr. */
static bool regexp_substring(FuncCall *call)
{
    Search search;
    RegexMatch match;
    if (!read_search(call, 2, &search) || !find(&search, 0, &match))
        return false;
    if (match.has_groups && call->proc == F_SUBSTRING_TEXT_TEXT)
        return refuse_groups(call);
    return match.found ? return_bytes(call, search.text + match.start, match.end - match.start) : return_null(call);
}

static bool regexp_match(FuncCall *call)
{
    Search search;
    RegexMatch match;
    if (!read_search(call, 2, &search))
        return false;
    if (search.global) {
        error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "%s does not support the \"global\" option", "regexp_match()");
        return error_hint(call->error, "Use the regexp_matches function instead.");
    }
    if (!find(&search, 0, &match))
        return false;
    if (match.has_groups)
        return refuse_groups(call);
    if (!match.found)
        return return_null(call);
    ArrayElement element = {search.text + match.start, match.end - match.start};
    Str out;
    str_init(&out, call->arena);
    type_array_write(&element, 1, &out);
    return return_bytes(call, out.data, out.len);
}

static bool regexp_count(FuncCall *call)
{
    Search search;
    int64_t count = 0;
    if (!read_search(call, call->nargs, &search))
        return false;
    for (size_t from = 0; from <= search.len;) {
        RegexMatch match;
        if (!find(&search, from, &match))
            return false;
        if (!match.found)
            break;
        count++;
        from = next_start(&search, &match);
    }
    return return_int(call, count);
}

/* \& is the whole match, \\ a backslash. */
static bool add_replacement(Search *search, const Value *with, const RegexMatch *match, Str *out)
{
    for (size_t i = 0; i < with->s.len; i++) {
        char c = with->s.ptr[i], next = i + 1 < with->s.len ? with->s.ptr[i + 1] : '\0';
        if (c != '\\') {
            str_addc(out, c);
        } else if (next == '&') {
            str_addn(out, search->text + match->start, match->end - match->start);
            i++;
        } else if (next >= '1' && next <= '9') {
            if (match->has_groups)
                return refuse_groups(search->call);
            i++; /* there is no such group: nothing */
        } else if (next == '\\') {
            str_addc(out, '\\');
            i++;
        } else {
            str_addc(out, '\\');
        }
    }
    return true;
}

static bool regexp_replace(FuncCall *call)
{
    Search search;
    if (!read_search(call, 3, &search))
        return false;
    Str out;
    str_init(&out, call->arena);
    size_t done = 0;
    for (size_t from = 0; from <= search.len;) {
        RegexMatch match;
        if (!find(&search, from, &match))
            return false;
        if (!match.found)
            break;
        str_addn(&out, search.text + done, match.start - done);
        if (!add_replacement(&search, &call->args[2], &match, &out))
            return false;
        done = match.end;
        if (!search.global)
            break;
        from = next_start(&search, &match);
    }
    str_addn(&out, search.text + done, search.len - done);
    return return_bytes(call, out.data, out.len);
}

/* Empty matches at the ends and right behind a match do not split. */
static bool regexp_split(FuncCall *call)
{
    Search search;
    if (!read_search(call, 2, &search))
        return false;
    if (search.global)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "%s does not support the \"global\" option",
                         "regexp_split_to_array()");
    VEC(ArrayElement) parts = {0};
    size_t done = 0;
    for (size_t from = 0; from <= search.len;) {
        RegexMatch match;
        if (!find(&search, from, &match))
            return false;
        if (!match.found)
            break;
        if (match.start < search.len && match.end > done) {
            ArrayElement part = {search.text + done, match.start - done};
            vec_push(call->arena, &parts, part);
            done = match.end;
        }
        from = next_start(&search, &match);
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
    bool in_class = false, after_escape = false;
    for (size_t len; at < end; at += len) {
        text_decode(at, &len);
        bool is_escape = escape_len && len == escape_len && memcmp(at, escape, len) == 0;
        if (after_escape) {
            if (*at == '"' && !in_class)
                return error_unsupported(call->error, "SQL regular expressions with separators are not supported");
            str_addc(out, '\\');
            str_addn(out, at, len);
            after_escape = false;
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

static bool similar_to_escape(FuncCall *call)
{
    const char *escape = "\\";
    size_t escape_len = 1;
    if (call->nargs > 1) {
        size_t len = 0;
        escape = call->args[1].s.ptr;
        escape_len = call->args[1].s.len;
        if (escape_len)
            text_decode(escape, &len);
        if (len != escape_len) {
            error_set(call->error, ERRCODE_INVALID_ESCAPE_SEQUENCE, "invalid escape string");
            return error_hint(call->error, "Escape string must be empty or one character.");
        }
    }
    Str out;
    str_init(&out, call->arena);
    str_add(&out, "^(?:");
    const Value *pattern = &call->args[0];
    if (!add_similar(call, pattern->s.ptr, pattern->s.ptr + pattern->s.len, escape, escape_len, &out))
        return false;
    str_add(&out, ")$");
    return return_bytes(call, out.data, out.len);
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
    {F_REGEXP_SUBSTR_TEXT_TEXT, regexp_substring},
    {F_REGEXP_MATCH_TEXT_TEXT, regexp_match},
    {F_REGEXP_MATCH_TEXT_TEXT_TEXT, regexp_match},
    {F_REGEXP_COUNT_TEXT_TEXT, regexp_count},
    {F_REGEXP_REPLACE_TEXT_TEXT_TEXT, regexp_replace},
    {F_REGEXP_REPLACE_TEXT_TEXT_TEXT_TEXT, regexp_replace},
    {F_REGEXP_SPLIT_TO_ARRAY_TEXT_TEXT, regexp_split},
    {F_REGEXP_SPLIT_TO_ARRAY_TEXT_TEXT_TEXT, regexp_split},
    {F_SIMILAR_TO_ESCAPE_TEXT, similar_to_escape},
    {F_SIMILAR_TO_ESCAPE_TEXT_TEXT, similar_to_escape},
};
const FuncTable FUNC_TABLE_REGEX = {ROWS, COUNT_OF(ROWS)};
