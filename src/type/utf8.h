/*
 * utf8.h - characters of UTF-8.
 */
#ifndef MEDLEY_TYPE_UTF8_H
#define MEDLEY_TYPE_UTF8_H

#include "base/base.h"

size_t utf8_count(const char *text, size_t len);
/* Bytes of the first `chars` characters. */
size_t utf8_prefix(const char *text, size_t len, size_t chars);
/* 22021 when the bytes are no UTF-8; a NUL is none. */
bool utf8_check(const char *bytes, size_t len, Error *error) MUST_CHECK;

#endif
