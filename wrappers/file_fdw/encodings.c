/*
 * encodings.c - the encodings that files may have: PostgreSQL's names, iconv's, and how a wrong character is told.
 *
 * Invariants:
 *  1. An encoding that iconv does not read as PostgreSQL 15 does, character by character, has no iconv name: it is refused.
 *  2. What iconv takes beyond PostgreSQL lies in ranges of Unicode that PostgreSQL's tables of the encoding do not have (`lacks`).
 *
 * Any thread.
 */
#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "file_fdw.h"

enum { LACKS_C1 = 1, LACKS_PRIVATE = 2, LACKS_EURO = 4 };

/* How the bytes of one character are counted and checked. */
typedef enum Shape { SHAPE_SINGLE, SHAPE_EUC, SHAPE_EUC_JP, SHAPE_EUC_TW, SHAPE_SJIS, SHAPE_DOUBLE } Shape;

struct FileEncoding {
    const char *names; /* lower case without punctuation, a space around each */
    const char *shown, *iconv;
    Shape shape;
    int lacks;
};

static const FileEncoding ENCODINGS[] = {
    {" latin1 iso88591 ", "LATIN1", "ISO-8859-1", SHAPE_SINGLE, 0},
    {" latin2 iso88592 ", "LATIN2", "ISO-8859-2", SHAPE_SINGLE, 0},
    {" latin3 iso88593 ", "LATIN3", "ISO-8859-3", SHAPE_SINGLE, 0},
    {" latin4 iso88594 ", "LATIN4", "ISO-8859-4", SHAPE_SINGLE, 0},
    {" latin5 iso88599 ", "LATIN5", "ISO-8859-9", SHAPE_SINGLE, 0},
    {" latin6 iso885910 ", "LATIN6", "ISO-8859-10", SHAPE_SINGLE, 0},
    {" latin7 iso885913 ", "LATIN7", "ISO-8859-13", SHAPE_SINGLE, 0},
    {" latin8 iso885914 ", "LATIN8", "ISO-8859-14", SHAPE_SINGLE, 0},
    {" latin9 iso885915 ", "LATIN9", "ISO-8859-15", SHAPE_SINGLE, 0},
    {" latin10 iso885916 ", "LATIN10", "ISO-8859-16", SHAPE_SINGLE, 0},
    {" iso88595 ", "ISO_8859_5", "ISO-8859-5", SHAPE_SINGLE, 0},
    {" iso88596 ", "ISO_8859_6", "ISO-8859-6", SHAPE_SINGLE, 0},
    {" iso88597 ", "ISO_8859_7", "ISO-8859-7", SHAPE_SINGLE, 0},
    {" iso88598 ", "ISO_8859_8", "ISO-8859-8", SHAPE_SINGLE, 0},
    {" win1250 windows1250 ", "WIN1250", "CP1250", SHAPE_SINGLE, 0},
    {" win1251 win windows1251 ", "WIN1251", "CP1251", SHAPE_SINGLE, 0},
    {" win1252 windows1252 ", "WIN1252", "CP1252", SHAPE_SINGLE, 0},
    {" win1253 windows1253 ", "WIN1253", "CP1253", SHAPE_SINGLE, 0},
    {" win1254 windows1254 ", "WIN1254", "CP1254", SHAPE_SINGLE, 0},
    {" win1255 windows1255 ", "WIN1255", "CP1255", SHAPE_SINGLE, 0},
    {" win1256 windows1256 ", "WIN1256", "CP1256", SHAPE_SINGLE, 0},
    {" win1257 windows1257 ", "WIN1257", "CP1257", SHAPE_SINGLE, 0},
    {" win1258 windows1258 abc tcvn tcvn5712 vscii ", "WIN1258", "CP1258", SHAPE_SINGLE, 0},
    {" win866 windows866 alt ", "WIN866", "CP866", SHAPE_SINGLE, 0},
    {" win874 windows874 ", "WIN874", "CP874", SHAPE_SINGLE, 0},
    {" koi8 koi8r ", "KOI8R", "KOI8-R", SHAPE_SINGLE, 0},
    {" koi8u ", "KOI8U", "KOI8-U", SHAPE_SINGLE, 0},
    {" eucjp ", "EUC_JP", "EUC-JP-MS", SHAPE_EUC_JP, LACKS_C1 | LACKS_PRIVATE},
    {" euckr ", "EUC_KR", "EUC-KR", SHAPE_EUC, LACKS_C1},
    {" euccn ", "EUC_CN", "GB2312", SHAPE_EUC, LACKS_C1},
    {" euctw ", "EUC_TW", "EUC-TW", SHAPE_EUC_TW, LACKS_C1},
    {" sjis shiftjis mskanji win932 windows932 ", "SJIS", "CP932", SHAPE_SJIS, LACKS_C1 | LACKS_PRIVATE},
    {" gbk win936 windows936 ", "GBK", "GBK", SHAPE_DOUBLE, LACKS_C1 | LACKS_EURO},
    {" uhc win949 windows949 ", "UHC", "UHC", SHAPE_DOUBLE, LACKS_C1},
    {" big5 win950 windows950 ", "BIG5", NULL, SHAPE_DOUBLE, 0},
    {" johab ", "JOHAB", NULL, SHAPE_EUC_JP, 0},
    {" gb18030 ", "GB18030", NULL, SHAPE_DOUBLE, 0},
    {" eucjis2004 ", "EUC_JIS_2004", NULL, SHAPE_EUC_JP, 0},
    {" shiftjis2004 ", "SHIFT_JIS_2004", NULL, SHAPE_SJIS, 0},
    {" muleinternal ", "MULE_INTERNAL", NULL, SHAPE_SINGLE, 0},
};

bool encoding_find(const char *name, const FileEncoding **out)
{
    char key[64] = " ";
    size_t length = 1;
    for (; *name && length + 2 < sizeof key; name++)
        if (isalnum((unsigned char)*name))
            key[length++] = (char)tolower((unsigned char)*name);
    key[length++] = ' ';
    *out = NULL;
    for (size_t i = 0; length > 2 && i < sizeof ENCODINGS / sizeof ENCODINGS[0]; i++)
        if (strstr(ENCODINGS[i].names, key))
            *out = &ENCODINGS[i];
    return *out || strstr(" utf8 unicode sqlascii ", key);
}

bool encoding_open(FdwCall *call, const FileEncoding *encoding, void **converter)
{
    iconv_t opened = encoding->iconv ? iconv_open("UTF-8", encoding->iconv) : (iconv_t)-1;
    if (opened == (iconv_t)-1)
        return file_fail(call, "0A000", "reading files in encoding \"%s\" is not supported", encoding->shown);
    *converter = opened;
    return true;
}

/* ---- characters ---- */

static size_t character_length(const FileEncoding *encoding, unsigned char first)
{
    switch (encoding->shape) {
    case SHAPE_SINGLE:
        return 1;
    case SHAPE_SJIS:
        return first < 0x80 || (first >= 0xA1 && first <= 0xDF) ? 1 : 2;
    case SHAPE_EUC_JP:
        return first < 0x80 ? 1 : first == 0x8F ? 3 : 2;
    case SHAPE_EUC_TW:
        return first < 0x80 ? 1 : first == 0x8E ? 4 : first == 0x8F ? 3 : 2;
    default:
        return first < 0x80 ? 1 : 2;
    }
}

static bool in(unsigned char c, unsigned char first, unsigned char last)
{
    return c >= first && c <= last;
}

/* Whether bytes of these values may make a character at all. */
static bool is_valid(const FileEncoding *encoding, const unsigned char *c, size_t length)
{
    if (length == 1)
        return true;
    switch (encoding->shape) {
    case SHAPE_SJIS:
        return (in(c[0], 0x81, 0x9F) || in(c[0], 0xE0, 0xFC)) && (in(c[1], 0x40, 0x7E) || in(c[1], 0x80, 0xFC));
    case SHAPE_EUC_JP:
        if (c[0] == 0x8E)
            return in(c[1], 0xA1, 0xDF);
        return (c[0] == 0x8F || in(c[0], 0xA1, 0xFE)) && in(c[1], 0xA1, 0xFE) && (length < 3 || in(c[2], 0xA1, 0xFE));
    case SHAPE_EUC_TW:
        return c[0] != 0x8F && (c[0] == 0x8E ? in(c[1], 0xA1, 0xA7) && in(c[2], 0xA1, 0xFE) && in(c[3], 0xA1, 0xFE)
                                             : in(c[0], 0xA1, 0xFE) && in(c[1], 0xA1, 0xFE));
    case SHAPE_EUC:
        return in(c[0], 0xA1, 0xFE) && in(c[1], 0xA1, 0xFE);
    default:
        return c[1] != 0;
    }
}

static bool fail_character(FdwCall *call, const FileEncoding *encoding, const unsigned char *bytes, size_t left)
{
    size_t length = character_length(encoding, bytes[0]);
    bool whole = length <= left;
    const char *list = "";
    for (size_t i = 0; i < length && i < left; i++)
        list = file_text(call, "%s%s0x%02x", list, i ? " " : "", bytes[i]);
    if (!whole || !is_valid(encoding, bytes, length))
        return file_fail(call, "22021", "invalid byte sequence for encoding \"%s\": %s", encoding->shown, list);
    return file_fail(call, "22P05", "character with byte sequence %s in encoding \"%s\" has no equivalent in encoding \"UTF8\"", list,
                     encoding->shown);
}

/* Whether PostgreSQL has no such character in the encoding; at: UTF-8. */
static bool is_lacking(const FileEncoding *encoding, const unsigned char *at, size_t left)
{
    if (left < 2)
        return false;
    if ((encoding->lacks & LACKS_C1) && at[0] == 0xC2 && at[1] < 0xA0)
        return true;
    if (left < 3)
        return false;
    if ((encoding->lacks & LACKS_PRIVATE) && (at[0] == 0xEE || (at[0] == 0xEF && at[1] < 0xA4)))
        return true;
    return (encoding->lacks & LACKS_EURO) && at[0] == 0xE2 && at[1] == 0x82 && at[2] == 0xAC;
}

static bool any_lacking(const FileEncoding *encoding, const char *text, size_t length)
{
    const unsigned char *at = (const unsigned char *)text;
    for (size_t i = 0; encoding->lacks && i < length; i++)
        if (at[i] >= 0xC2 && is_lacking(encoding, at + i, length - i))
            return true;
    return false;
}

/* Character by character: as far as all is well. */
static void convert_carefully(const FileEncoding *encoding, iconv_t converter, EncodingChunk *chunk)
{
    while (chunk->in_left > 0) {
        EncodingChunk one = *chunk;
        size_t length = character_length(encoding, (unsigned char)*chunk->in);
        one.in_left = length < chunk->in_left ? length : chunk->in_left;
        size_t rest = chunk->in_left - one.in_left;
        char *begin = one.out;
        if (iconv(converter, &one.in, &one.in_left, &one.out, &one.out_left) == (size_t)-1 ||
            any_lacking(encoding, begin, (size_t)(one.out - begin)))
            return;
        *chunk = one;
        chunk->in_left = rest;
    }
}

bool encoding_convert(FdwCall *call, const FileEncoding *encoding, void *converter, bool last, EncodingChunk *chunk)
{
    const EncodingChunk before = *chunk;
    size_t result = iconv(converter, &chunk->in, &chunk->in_left, &chunk->out, &chunk->out_left);
    int reason = result == (size_t)-1 ? errno : 0;
    if (any_lacking(encoding, before.out, (size_t)(chunk->out - before.out))) {
        *chunk = before;
        convert_carefully(encoding, converter, chunk);
        reason = EILSEQ;
    }
    /* What is well up to the wrong character is read first: errors tell the right line. */
    bool waits = reason == 0 || reason == E2BIG || (reason == EINVAL && !last);
    return waits || chunk->in > before.in || fail_character(call, encoding, (const unsigned char *)chunk->in, chunk->in_left);
}
