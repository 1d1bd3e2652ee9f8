/*
 * func_enum.h - helpers of the local engine for enums (func_helper.c lists them with their arguments).
 */
#ifndef MEDLEY_FUNC_ENUM_H
#define MEDLEY_FUNC_ENUM_H

#include "func/func.h"

bool helper_enum_key(FuncCall *call);
bool helper_enum_keys(FuncCall *call);
bool helper_enum_label(FuncCall *call);
bool helper_enum_array(FuncCall *call);
bool helper_enum_end(FuncCall *call);
bool helper_enum_range(FuncCall *call);

#endif
