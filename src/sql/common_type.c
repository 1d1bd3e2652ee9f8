/*
 * common_type.c - the one type of several expressions: UNION, CASE, VALUES, ARRAY[] and the like (PostgreSQL manual, section 10.5).
 */
#include "sql/analyze_int.h"

/* Folds types one by one; *culprit: index of the one of another category, -1: none. *from: whose type it is. */
static Oid fold_types(Catalog *catalog, const Oid *types, int count, int *culprit, int *from)
{
    bool same = true, preferred;
    *culprit = -1;
    *from = 0;
    for (int i = 1; i < count && same; i++)
        same = types[i] == types[0];
    if (same && types[0] != TYPE_UNKNOWN)
        return types[0];
    Oid chosen = catalog_base_type(catalog, types[0], NULL);
    char category = type_category(catalog, chosen, &preferred);
    for (int i = 1; i < count; i++) {
        bool next_preferred;
        Oid next = catalog_base_type(catalog, types[i], NULL);
        if (next == TYPE_UNKNOWN || next == chosen)
            continue;
        char next_category = type_category(catalog, next, &next_preferred);
        if (chosen == TYPE_UNKNOWN) {
            chosen = next;
            *from = i;
            category = next_category;
            preferred = next_preferred;
        } else if (next_category != category) {
            *culprit = i;
            return chosen;
        } else if (!preferred && can_coerce_one(catalog, chosen, next, COERCE_IMPLICIT) &&
                   !can_coerce_one(catalog, next, chosen, COERCE_IMPLICIT)) {
            chosen = next;
            *from = i;
            preferred = next_preferred;
        }
    }
    return chosen == TYPE_UNKNOWN ? TYPE_TEXT : chosen;
}

Oid common_type(Scope *scope, Expr *const *exprs, int count, const char *construct, Expr **which)
{
    Analyzer *an = scope->an;
    Oid *types = ARENA_ARRAY(an->arena, Oid, count);
    int culprit, from;
    for (int i = 0; i < count; i++)
        types[i] = exprs[i]->type;
    Oid chosen = fold_types(an->catalog, types, count, &culprit, &from);
    if (which)
        *which = exprs[culprit < 0 ? from : culprit];
    if (culprit < 0)
        return chosen;
    if (!construct)
        return OID_NONE;
    error_set(an->error, ERRCODE_DATATYPE_MISMATCH, "%s types %s and %s cannot be matched", construct, type_text(an, chosen),
              type_text(an, catalog_base_type(an->catalog, types[culprit], NULL)));
    analyze_at(an, expr_location(exprs[culprit]));
    return OID_NONE;
}

Oid common_type_of_oids(Scope *scope, const Oid *types, int count)
{
    Analyzer *an = scope->an;
    int culprit, from;
    Oid chosen = fold_types(an->catalog, types, count, &culprit, &from);
    if (culprit < 0)
        return chosen;
    error_set(an->error, ERRCODE_DATATYPE_MISMATCH, "argument types %s and %s cannot be matched", type_text(an, chosen),
              type_text(an, catalog_base_type(an->catalog, types[culprit], NULL)));
    return OID_NONE;
}

Oid common_type_quietly(Catalog *catalog, const Oid *types, int count)
{
    int culprit, from;
    Oid chosen = fold_types(catalog, types, count, &culprit, &from);
    return culprit < 0 ? chosen : OID_NONE;
}

int32_t common_typmod(Expr *const *exprs, int count, Oid type)
{
    for (int i = 0; i < count; i++)
        if (exprs[i]->type != type || exprs[i]->typmod != exprs[0]->typmod)
            return -1;
    return count > 0 ? exprs[0]->typmod : -1;
}
