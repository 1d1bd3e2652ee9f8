/*
 * md5.c - the MD5 message digest (RFC 1321), for md5() alone: nothing is protected by it.
 *
 * Any thread.
 */
#include "func/func_text.h"

#include <math.h>

typedef struct Md5 {
    uint32_t state[4];
} Md5;

static uint32_t rotate(uint32_t value, int bits)
{
    return value << bits | value >> (32 - bits);
}

static uint32_t mix(int step, uint32_t b, uint32_t c, uint32_t d)
{
    switch (step / 16) {
    case 0:
        return (b & c) | (~b & d);
    case 1:
        return (d & b) | (~d & c);
    case 2:
        return b ^ c ^ d;
    default:
        return c ^ (b | ~d);
    }
}

static void add_block(Md5 *md5, const unsigned char *block)
{
    static const unsigned char SHIFTS[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    static const unsigned char FACTORS[4] = {1, 5, 3, 7}, OFFSETS[4] = {0, 1, 5, 0};
    uint32_t words[16], s[4];
    memcpy(words, block, sizeof words);
    memcpy(s, md5->state, sizeof s);
    for (int step = 0; step < 64; step++) {
        int round = step / 16, word = (step * FACTORS[round] + OFFSETS[round]) % 16;
        uint32_t constant = (uint32_t)(fabs(sin(step + 1)) * 4294967296.0);
        uint32_t sum = s[0] + mix(step, s[1], s[2], s[3]) + constant + words[word];
        uint32_t next = s[1] + rotate(sum, SHIFTS[round][step % 4]);
        s[0] = s[3];
        s[3] = s[2];
        s[2] = s[1];
        s[1] = next;
    }
    for (int i = 0; i < 4; i++)
        md5->state[i] += s[i];
}

const char *text_md5(const void *bytes, size_t len, Arena *arena)
{
    Md5 md5 = {{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}};
    const unsigned char *at = bytes;
    size_t left = len;
    for (; left >= 64; at += 64, left -= 64)
        add_block(&md5, at);
    unsigned char tail[128] = {0};
    memcpy(tail, at, left);
    tail[left] = 0x80;
    size_t total = left < 56 ? 64 : 128;
    uint64_t bits = (uint64_t)len * 8;
    memcpy(tail + total - 8, &bits, 8);
    for (size_t i = 0; i < total; i += 64)
        add_block(&md5, tail + i);
    Str out;
    str_init(&out, arena);
    for (int i = 0; i < 16; i++)
        str_addf(&out, "%02x", md5.state[i / 4] >> (i % 4 * 8) & 0xff);
    return out.data;
}
