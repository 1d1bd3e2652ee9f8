/*
 * func_text.h - characters for the files of text functions: UTF-8, case, MD5.
 */
#ifndef MEDLEY_FUNC_TEXT_H
#define MEDLEY_FUNC_TEXT_H

#include "func/func_internal.h"

#include <locale.h>

/* glibc's one-to-one mapping in C.UTF-8. */
uint32_t text_to_lower(uint32_t c);
uint32_t text_to_upper(uint32_t c);
locale_t text_locale(void);
/* 32 hexadecimal digits (RFC 1321). */
const char *text_md5(const void *bytes, size_t len, Arena *arena);

#endif
