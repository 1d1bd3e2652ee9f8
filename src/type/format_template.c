/*
 * format_template.c - cuts the templates of to_char(), to_date(), to_timestamp() into patterns and other characters.
 *
 * Invariants:
 *  1. Patterns are told apart by their exact spelling: "Day" is one, "dAy" is none.
 *  2. Between double quotes nothing is a pattern.
 *
 * Any thread.
 */
#include "type/format_int.h"

static const struct {
    const char *text;
    unsigned modifier;
    bool before;
} MODIFIERS[] = {{"FM", FORMAT_FILL, true},      {"fm", FORMAT_FILL, true},           {"TM", FORMAT_TRANSLATE, true},
                 {"tm", FORMAT_TRANSLATE, true}, {"TH", FORMAT_ORDINAL_UPPER, false}, {"th", FORMAT_ORDINAL_LOWER, false},
                 {"SP", FORMAT_SPELL, false}};

typedef struct Cutter {
    const char *at, *end;
    Arena *arena;
    VEC(FormatPiece) pieces;
} Cutter;

static bool starts_with(const Cutter *cutter, const char *text)
{
    size_t len = strlen(text);
    return (size_t)(cutter->end - cutter->at) >= len && memcmp(cutter->at, text, len) == 0;
}

static unsigned take_modifier(Cutter *cutter, bool before)
{
    for (size_t i = 0; i < COUNT_OF(MODIFIERS); i++)
        if (MODIFIERS[i].before == before && starts_with(cutter, MODIFIERS[i].text)) {
            cutter->at += strlen(MODIFIERS[i].text);
            return MODIFIERS[i].modifier;
        }
    return 0;
}

static void add_character(Cutter *cutter, FormatPieceKind kind)
{
    size_t len = utf8_prefix(cutter->at, (size_t)(cutter->end - cutter->at), 1);
    FormatPiece piece = {.kind = kind, .text = cutter->at, .len = len};
    vec_push(cutter->arena, &cutter->pieces, piece);
    cutter->at += len;
}

static void cut_quoted(Cutter *cutter)
{
    for (cutter->at++; cutter->at < cutter->end && *cutter->at != '"';) {
        if (*cutter->at == '\\' && cutter->at + 1 < cutter->end)
            cutter->at++;
        add_character(cutter, PIECE_CHARACTER);
        cutter->pieces.items[cutter->pieces.count - 1].quoted = true;
    }
    if (cutter->at < cutter->end)
        cutter->at++;
}

bool format_is_separator(const char *at)
{
    unsigned char c = (unsigned char)*at;
    return c > 0x20 && c < 0x7F && !is_alpha((char)c) && !is_digit((char)c);
}

static void cut_other(Cutter *cutter)
{
    if (*cutter->at == '"') {
        cut_quoted(cutter);
        return;
    }
    if (*cutter->at == '\\' && cutter->at + 1 < cutter->end && cutter->at[1] == '"')
        cutter->at++;
    add_character(cutter, format_is_separator(cutter->at) ? PIECE_SEPARATOR : is_space(*cutter->at) ? PIECE_SPACE : PIECE_CHARACTER);
}

FormatPiece *format_cut(const char *format, size_t len, const FormatPattern *patterns, bool with_modifiers, Arena *arena)
{
    Cutter cutter = {.at = format, .end = format + len, .arena = arena};
    while (cutter.at < cutter.end) {
        FormatPiece piece = {.kind = PIECE_PATTERN, .modifiers = with_modifiers ? take_modifier(&cutter, true) : 0};
        if (cutter.at == cutter.end)
            break;
        const FormatPattern *pattern = patterns;
        while (pattern->name && !starts_with(&cutter, pattern->name))
            pattern++;
        if (!pattern->name) {
            cut_other(&cutter);
            continue;
        }
        cutter.at += strlen(pattern->name);
        piece.pattern = pattern;
        piece.modifiers |= with_modifiers ? take_modifier(&cutter, false) : 0;
        vec_push(arena, &cutter.pieces, piece);
    }
    FormatPiece end = {.kind = PIECE_END};
    vec_push(arena, &cutter.pieces, end);
    return cutter.pieces.items;
}

bool format_ordinal(const char *digits, size_t len, bool upper, Str *out, Error *error)
{
    char last = len ? digits[len - 1] : '\0';
    if (!is_digit(last))
        return error_set(error, ERRCODE_INVALID_TEXT_REPRESENTATION, "\"%.*s\" is not a number", (int)len, digits);
    bool teen = len > 1 && digits[len - 2] == '1';
    const char *ending = teen ? "th" : last == '1' ? "st" : last == '2' ? "nd" : last == '3' ? "rd" : "th";
    for (; *ending; ending++)
        str_addc(out, upper ? (char)(*ending - 32) : *ending);
    return true;
}
