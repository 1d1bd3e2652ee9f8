/*
 * network.c - inet, cidr, macaddr, macaddr8.
 *
 * Invariants:
 *  1. A Value is its canonical text: an inet without "/n" when it is a whole host, a cidr always with.
 *  2. A cidr has no bits set to the right of its mask.
 *
 * Any thread.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "type/type_int.h"

typedef struct Address {
    bool is_v6;
    int bits;
    unsigned char bytes[16];
} Address;

enum { FAMILY_V4 = 2, FAMILY_V6 = 3 };

static int size_of(const Address *address)
{
    return address->is_v6 ? 16 : 4;
}

static bool has_bits_right_of_mask(const Address *address)
{
    for (int i = address->bits; i < size_of(address) * 8; i++)
        if (address->bytes[i / 8] >> (7 - i % 8) & 1)
            return true;
    return false;
}

/* "/24": at least one digit, nothing after; leading zeros only in version 4. */
static bool parse_mask(const char *at, int most, int *bits)
{
    const char *digits = ++at;
    for (*bits = 0; is_digit(*at); at++)
        if ((*bits = *bits * 10 + (*at - '0')) > most || (most > 32 && at > digits && *digits == '0'))
            return false;
    return at > digits && !*at;
}

/* The mask that an old network class stands for, widened to the octets that were written. */
static int class_bits(const unsigned char *octets, int count)
{
    int bits = octets[0] >= 240 ? 32 : octets[0] >= 224 ? 8 : octets[0] >= 192 ? 24 : octets[0] >= 128 ? 16 : 8;
    if (bits < count * 8)
        bits = count * 8;
    return bits == 8 && octets[0] == 224 ? 4 : bits;
}

static bool parse_v4(const char *text, bool is_cidr, Address *out)
{
    int count = 0;
    const char *at = text;
    for (;; at++) {
        const char *digits = at;
        int octet = 0;
        for (; is_digit(*at); at++)
            if ((octet = octet * 10 + (*at - '0')) > 255)
                return false;
        if (at == digits || count == 4)
            return false;
        out->bytes[count++] = (unsigned char)octet;
        if (*at != '.')
            break;
    }
    if (*at == '/') {
        if (!parse_mask(at, 32, &out->bits))
            return false;
    } else if (*at) {
        return false;
    } else if (is_cidr) {
        out->bits = class_bits(out->bytes, count);
    } else if (count == 4) {
        out->bits = 32;
    } else {
        return false;
    }
    /* What the mask covers must have been written; a cidr may leave off zeros. */
    return is_cidr || out->bits / 8 <= count;
}

static bool parse_v6(const char *text, Address *out)
{
    char address[INET6_ADDRSTRLEN];
    const char *slash = strchr(text, '/');
    size_t len = slash ? (size_t)(slash - text) : strlen(text);
    out->is_v6 = true;
    out->bits = 128;
    if (len >= sizeof address || (slash && !parse_mask(slash, 128, &out->bits)))
        return false;
    memcpy(address, text, len);
    address[len] = '\0';
    return inet_pton(AF_INET6, address, out->bytes) == 1;
}

static void write_address(const Address *address, bool is_cidr, Str *out)
{
    char text[INET6_ADDRSTRLEN];
    inet_ntop(address->is_v6 ? AF_INET6 : AF_INET, address->bytes, text, sizeof text);
    str_add(out, text);
    if (is_cidr || address->bits < size_of(address) * 8)
        str_addf(out, "/%d", address->bits);
}

static bool parse(const char *text, bool is_cidr, Address *out)
{
    *out = (Address){0};
    return strchr(text, ':') ? parse_v6(text, out) : parse_v4(text, is_cidr, out);
}

static bool to_value(const TypeCall *call, const Address *address, bool is_cidr, Value *out)
{
    Str text;
    str_init(&text, call->arena);
    write_address(address, is_cidr, &text);
    *out = value_text(text.data, text.len);
    return true;
}

static bool input(const TypeCall *call, const char *text, size_t len, bool is_cidr, Value *out)
{
    Address address;
    if (!parse(arena_strndup(call->arena, text, len), is_cidr, &address))
        return type_invalid(call, text, len);
    if (is_cidr && has_bits_right_of_mask(&address)) {
        error_set(call->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "invalid cidr value: \"%.*s\"", (int)len, text);
        return error_detail(call->error, "Value has bits set to right of mask.");
    }
    return to_value(call, &address, is_cidr, out);
}

bool inet_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    return input(call, text, len, false, out);
}

bool cidr_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    return input(call, text, len, true, out);
}

bool inet_output(const TypeCall *call, const Value *value, Str *out)
{
    return text_output(call, value, out);
}

static bool bad_external(const TypeCall *call, const char *what)
{
    return error_set(call->error, ERRCODE_INVALID_BINARY_REPRESENTATION, "invalid %s in external \"%s\" value", what, call->row->name);
}

static bool receive(const TypeCall *call, const char *bytes, size_t len, bool is_cidr, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    Address address = {0};
    int family = binary_read_byte(&reader);
    if (!reader.failed && family != FAMILY_V4 && family != FAMILY_V6)
        return bad_external(call, "address family");
    address.is_v6 = family == FAMILY_V6;
    int bits = binary_read_byte(&reader);
    if (!reader.failed && bits > (int)size_of(&address) * 8)
        return bad_external(call, "bits");
    binary_read_byte(&reader); /* whether a cidr: ignored, as PostgreSQL does */
    int size = binary_read_byte(&reader);
    if (reader.failed)
        return binary_read_end(&reader, call->error);
    if (size != (int)size_of(&address))
        return bad_external(call, "length");
    const char *data = binary_read_bytes(&reader, (size_t)size);
    if (!binary_read_end(&reader, call->error))
        return false;
    memcpy(address.bytes, data, (size_t)size);
    address.bits = bits;
    if (is_cidr && has_bits_right_of_mask(&address)) {
        error_set(call->error, ERRCODE_INVALID_BINARY_REPRESENTATION, "invalid external \"cidr\" value");
        return error_detail(call->error, "Value has bits set to right of mask.");
    }
    return to_value(call, &address, is_cidr, out);
}

bool inet_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    return receive(call, bytes, len, false, out);
}

bool cidr_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    return receive(call, bytes, len, true, out);
}

static bool send_address(const TypeCall *call, const Value *value, bool is_cidr, Str *out)
{
    Address address;
    if (!parse(arena_strndup(call->arena, value->s.ptr, value->s.len), is_cidr, &address))
        return type_invalid(call, value->s.ptr, value->s.len);
    const char header[] = {address.is_v6 ? FAMILY_V6 : FAMILY_V4, (char)address.bits, is_cidr, (char)size_of(&address)};
    str_addn(out, header, sizeof header);
    str_addn(out, (const char *)address.bytes, (size_t)size_of(&address));
    return true;
}

bool inet_send(const TypeCall *call, const Value *value, Str *out)
{
    return send_address(call, value, false, out);
}

bool cidr_send(const TypeCall *call, const Value *value, Str *out)
{
    return send_address(call, value, true, out);
}

bool network_sort_key(const char *text, Str *out)
{
    Address address;
    if (!parse(text, false, &address))
        return false;
    str_addc(out, address.is_v6);
    for (int i = 0; i < address.bits; i++)
        str_addc(out, address.bytes[i / 8] >> (7 - i % 8) & 1 ? 2 : 1);
    str_addc(out, 0);
    str_addn(out, (const char *)address.bytes, (size_t)size_of(&address));
    return true;
}

/* ---- macaddr ---- */

static const char *const MAC_SHAPES[] = {"%x:%x:%x:%x:%x:%x%1s",   "%x-%x-%x-%x-%x-%x%1s",    "%2x%2x%2x:%2x%2x%2x%1s",
                                         "%2x%2x%2x-%2x%2x%2x%1s", "%2x%2x.%2x%2x.%2x%2x%1s", "%2x%2x-%2x%2x-%2x%2x%1s",
                                         "%2x%2x%2x%2x%2x%2x%1s"};

static bool mac_value(const TypeCall *call, const unsigned char *bytes, int count, Value *out)
{
    Str text;
    str_init(&text, call->arena);
    for (int i = 0; i < count; i++)
        str_addf(&text, i ? ":%02x" : "%02x", bytes[i]);
    *out = value_text(text.data, text.len);
    return true;
}

bool macaddr_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    const char *copy = arena_strndup(call->arena, text, len);
    unsigned parts[6];
    unsigned char bytes[6];
    char junk[2];
    int count = 0;
    for (size_t i = 0; count != 6 && i < COUNT_OF(MAC_SHAPES); i++)
        count = sscanf(copy, MAC_SHAPES[i], &parts[0], &parts[1], &parts[2], &parts[3], &parts[4], &parts[5], junk);
    if (count != 6)
        return type_invalid(call, text, len);
    for (int i = 0; i < 6; i++) {
        if (parts[i] > 255)
            return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "invalid octet value in \"macaddr\" value: \"%s\"", copy);
        bytes[i] = (unsigned char)parts[i];
    }
    return mac_value(call, bytes, 6, out);
}

bool macaddr_output(const TypeCall *call, const Value *value, Str *out)
{
    return text_output(call, value, out);
}

bool macaddr_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    unsigned char data[6];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = binary_read_byte(&reader);
    return binary_read_end(&reader, call->error) && mac_value(call, data, sizeof data, out);
}

bool macaddr_send(const TypeCall *call, const Value *value, Str *out)
{
    for (size_t i = 0; i + 2 <= value->s.len; i += 3)
        str_addc(out, (char)strtol((char[]){value->s.ptr[i], value->s.ptr[i + 1], '\0'}, NULL, 16));
    return true;
}

/* ---- macaddr8: pairs of digits, at most one kind of delimiter between them; six bytes are widened to eight ---- */

static bool is_hex(char c)
{
    return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f');
}

/* How many pairs there are; 0: malformed. A single character at the very end is overlooked, as PostgreSQL does. */
static int parse_pairs(const char *at, const char *end, unsigned char *bytes)
{
    int count = 0;
    char delimiter = '\0';
    while (at < end && is_space(*at))
        at++;
    while (end - at >= 2) {
        if (!is_hex(at[0]) || !is_hex(at[1]) || count == 8)
            return 0;
        bytes[count++] = (unsigned char)strtol((char[]){at[0], at[1], '\0'}, NULL, 16);
        at += 2;
        if (at < end && (*at == ':' || *at == '-' || *at == '.')) {
            if (delimiter && delimiter != *at)
                return 0;
            delimiter = *at++;
        }
        if ((count == 6 || count == 8) && at < end && is_space(*at)) {
            while (at < end && is_space(*at))
                at++;
            if (at < end)
                return 0;
        }
    }
    return count == 6 || count == 8 ? count : 0;
}

bool macaddr8_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    unsigned char bytes[8];
    int count = parse_pairs(text, text + len, bytes);
    if (!count)
        return type_invalid(call, text, len);
    if (count == 6) {
        memmove(bytes + 5, bytes + 3, 3);
        bytes[3] = 0xFF;
        bytes[4] = 0xFE;
    }
    return mac_value(call, bytes, 8, out);
}

bool macaddr8_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    unsigned char wide[8] = {0, 0, 0, 0xFF, 0xFE}, data[8];
    for (size_t i = 0; i < (len == 6 ? 6 : sizeof data); i++)
        data[i] = binary_read_byte(&reader);
    if (!binary_read_end(&reader, call->error))
        return false;
    if (len == 6) {
        memcpy(wide, data, 3);
        memcpy(wide + 5, data + 3, 3);
    } else {
        memcpy(wide, data, 8);
    }
    return mac_value(call, wide, 8, out);
}

bool macaddr8_send(const TypeCall *call, const Value *value, Str *out)
{
    return macaddr_send(call, value, out);
}
