/*
 * polymorphic.c - what anyelement, anyarray, anycompatible and their like stand for in one call (PostgreSQL manual, section 38.2.5).
 *
 * Invariants:
 *  1. The simple family (anyelement, anyarray, anynonarray, anyenum, anyrange, anymultirange) is one type and what is made of it, taken
 *     exactly; the compatible family is the common type of its arguments.
 *  2. Literals of unknown type fit everything and decide nothing.
 */
#include "sql/analyze_int.h"

typedef struct Family {
    Oid element, array, range, multirange;
    int used; /* how many arguments are declared with it */
    bool unknown, non_array, is_enum;
} Family;

typedef struct Resolution {
    Catalog *catalog;
    Analyzer *an; /* NULL: the question is only whether it is consistent */
    Scope *scope;
    Family simple, compatible;
    Oid *compatible_types;
    int ncompatible;
} Resolution;

typedef enum Part { PART_NONE, PART_ELEMENT, PART_ARRAY, PART_RANGE, PART_MULTIRANGE } Part;

static Part part_of(Oid declared, bool *compatible)
{
    static const struct {
        Oid type;
        Part part;
        bool compatible;
    } PARTS[] = {
        {TYPE_ANYELEMENT, PART_ELEMENT, false},
        {TYPE_ANYNONARRAY, PART_ELEMENT, false},
        {TYPE_ANYENUM, PART_ELEMENT, false},
        {TYPE_ANYARRAY, PART_ARRAY, false},
        {TYPE_ANYRANGE, PART_RANGE, false},
        {TYPE_ANYMULTIRANGE, PART_MULTIRANGE, false},
        {TYPE_ANYCOMPATIBLE, PART_ELEMENT, true},
        {TYPE_ANYCOMPATIBLENONARRAY, PART_ELEMENT, true},
        {TYPE_ANYCOMPATIBLEARRAY, PART_ARRAY, true},
        {TYPE_ANYCOMPATIBLERANGE, PART_RANGE, true},
        {TYPE_ANYCOMPATIBLEMULTIRANGE, PART_MULTIRANGE, true},
    };
    for (size_t i = 0; i < COUNT_OF(PARTS); i++)
        if (PARTS[i].type == declared) {
            *compatible = PARTS[i].compatible;
            return PARTS[i].part;
        }
    return PART_NONE;
}

static bool mismatch(Resolution *r, const char *message, const char *a, const char *b)
{
    if (r->an)
        error_set(r->an->error, ERRCODE_DATATYPE_MISMATCH, message, a, b);
    return false;
}

static bool mismatch_detail(Resolution *r, Oid a, Oid b)
{
    if (r->an)
        error_detail(r->an->error, "%s versus %s", type_text(r->an, a), type_text(r->an, b));
    return false;
}

static const char *text_of(Resolution *r, Oid type)
{
    return r->an ? type_text(r->an, type) : "";
}

/* All arguments of one part must be the same type. */
static bool take_same(Resolution *r, Oid *known, Oid actual, const char *declared)
{
    if (*known && *known != actual) {
        mismatch(r, "arguments declared \"%s\" are not all alike%s", declared, "");
        return mismatch_detail(r, *known, actual);
    }
    *known = actual;
    return true;
}

static bool take_simple(Resolution *r, Part part, Oid declared, Oid actual)
{
    Family *family = &r->simple;
    family->used++;
    family->non_array |= declared == TYPE_ANYNONARRAY;
    family->is_enum |= declared == TYPE_ANYENUM;
    if (actual == TYPE_UNKNOWN) {
        family->unknown = true;
        return true;
    }
    if (part == PART_ELEMENT)
        return take_same(r, &family->element, actual, "anyelement");
    actual = catalog_base_type(r->catalog, actual, NULL);
    if (part == PART_ARRAY)
        return take_same(r, &family->array, actual, "anyarray");
    return part == PART_RANGE ? take_same(r, &family->range, actual, "anyrange")
                              : take_same(r, &family->multirange, actual, "anymultirange");
}

static bool take_compatible(Resolution *r, Part part, Oid declared, Oid actual)
{
    Family *family = &r->compatible;
    family->used++;
    family->non_array |= declared == TYPE_ANYCOMPATIBLENONARRAY;
    if (actual == TYPE_UNKNOWN) {
        family->unknown = true;
        return true;
    }
    if (part == PART_ELEMENT) {
        r->compatible_types[r->ncompatible++] = actual;
        return true;
    }
    actual = catalog_base_type(r->catalog, actual, NULL);
    if (part == PART_RANGE)
        return take_same(r, &family->range, actual, "anycompatiblerange");
    if (part == PART_MULTIRANGE)
        return take_same(r, &family->multirange, actual, "anycompatiblemultirange");
    Oid element = type_element(r->catalog, actual);
    if (!element)
        return mismatch(r, "argument declared %s is not an array but type %s", "anycompatiblearray", text_of(r, actual));
    r->compatible_types[r->ncompatible++] = element;
    return true;
}

static Oid range_subtype(Catalog *catalog, Oid range)
{
    const CatType *type = catalog_type(catalog, range);
    return type && type->kind == 'r' ? type->range_subtype : OID_NONE;
}

/* The range of a multirange: PostgreSQL keeps it in pg_range. */
static Oid multirange_range(Catalog *catalog, Oid multirange)
{
    const CatType *type = catalog_type(catalog, multirange);
    return type && type->kind == 'm' ? type->range_subtype : OID_NONE;
}

static bool element_from_array(Resolution *r)
{
    Family *family = &r->simple;
    if (!family->array)
        return true;
    if (family->array == TYPE_ANYARRAY) { /* pg_stats's columns: nothing more is known of them */
        if (family->element && family->element != TYPE_ANYELEMENT) {
            mismatch(r, "argument declared %s is not consistent with argument declared %s", "anyarray", "anyelement");
            return mismatch_detail(r, family->array, family->element);
        }
        family->element = TYPE_ANYELEMENT;
        return true;
    }
    Oid element = type_element(r->catalog, family->array);
    if (!element)
        return mismatch(r, "argument declared %s is not an array but type %s", "anyarray", text_of(r, family->array));
    if (family->element && family->element != element) {
        mismatch(r, "argument declared %s is not consistent with argument declared %s", "anyarray", "anyelement");
        return mismatch_detail(r, family->array, family->element);
    }
    family->element = element;
    return true;
}

static bool range_from_multirange(Resolution *r, Family *family, const char *multirange, const char *range)
{
    if (!family->multirange)
        return true;
    Oid of = multirange_range(r->catalog, family->multirange);
    if (!of)
        return mismatch(r, "argument declared %s is not a multirange type but type %s", multirange, text_of(r, family->multirange));
    if (family->range && family->range != of) {
        mismatch(r, "argument declared %s is not consistent with argument declared %s", multirange, range);
        return mismatch_detail(r, family->multirange, family->range);
    }
    family->range = of;
    return true;
}

static bool element_from_range(Resolution *r)
{
    Family *family = &r->simple;
    if (!range_from_multirange(r, family, "anymultirange", "anyrange"))
        return false;
    if (!family->range)
        return true;
    Oid subtype = range_subtype(r->catalog, family->range);
    if (!subtype)
        return mismatch(r, "argument declared %s is not a range type but type %s", "anyrange", text_of(r, family->range));
    if (family->element && family->element != subtype) {
        mismatch(r, "argument declared %s is not consistent with argument declared %s", "anyrange", "anyelement");
        return mismatch_detail(r, family->range, family->element);
    }
    family->element = subtype;
    return true;
}

static bool settle_simple(Resolution *r)
{
    Family *family = &r->simple;
    if (!family->used)
        return true;
    if (!element_from_array(r) || !element_from_range(r))
        return false;
    if (!family->element)
        return r->an ? mismatch(r, "could not determine polymorphic type because input has type %s%s", "unknown", "") : !family->is_enum;
    if (family->non_array && type_element(r->catalog, catalog_base_type(r->catalog, family->element, NULL)))
        return mismatch(r, "type matched to anynonarray is an array type: %s%s", text_of(r, family->element), "");
    if (family->is_enum && !type_is_enum(r->catalog, family->element))
        return mismatch(r, "type matched to anyenum is not an enum type: %s%s", text_of(r, family->element), "");
    return true;
}

static bool settle_compatible(Resolution *r)
{
    Family *family = &r->compatible;
    if (!family->used)
        return true;
    if (!range_from_multirange(r, family, "anycompatiblemultirange", "anycompatiblerange"))
        return false;
    if (family->range) {
        Oid subtype = range_subtype(r->catalog, family->range);
        if (!subtype)
            return mismatch(r, "argument declared %s is not a range type but type %s", "anycompatiblerange", text_of(r, family->range));
        r->compatible_types[r->ncompatible++] = subtype;
    }
    if (r->ncompatible == 0)
        family->element = TYPE_TEXT;
    else if (r->an)
        family->element = common_type_of_oids(r->scope, r->compatible_types, r->ncompatible);
    else
        family->element = common_type_quietly(r->catalog, r->compatible_types, r->ncompatible);
    if (!family->element)
        return false;
    for (int i = 0; i < r->ncompatible && !r->an; i++)
        if (!can_coerce_one(r->catalog, r->compatible_types[i], family->element, COERCE_IMPLICIT))
            return false;
    if (family->range && range_subtype(r->catalog, family->range) != family->element) {
        mismatch(r, "anycompatiblerange type %s does not match anycompatible type %s", text_of(r, family->range),
                 text_of(r, family->element));
        return false;
    }
    if (family->non_array && type_element(r->catalog, catalog_base_type(r->catalog, family->element, NULL)))
        return mismatch(r, "type matched to anycompatiblenonarray is an array type: %s%s", text_of(r, family->element), "");
    return true;
}

static bool settle(Resolution *r, const Oid *actual, const Oid *declared, int count)
{
    for (int i = 0; i < count; i++) {
        bool compatible;
        Part part = part_of(declared[i], &compatible);
        if (part == PART_NONE)
            continue;
        if (compatible ? !take_compatible(r, part, declared[i], actual[i]) : !take_simple(r, part, declared[i], actual[i]))
            return false;
    }
    return settle_simple(r) && settle_compatible(r);
}

bool polymorphic_consistent(Catalog *catalog, const Oid *actual, const Oid *declared, int count)
{
    Arena *scratch = arena_open(NULL);
    Resolution r = {.catalog = catalog, .compatible_types = ARENA_ARRAY(scratch, Oid, count + 1)};
    bool ok = settle(&r, actual, declared, count);
    arena_close(scratch);
    return ok;
}

/* A polymorphic type's real one; OID_NONE: it cannot be known, an error is set. */
static Oid substitute(Resolution *r, Oid declared)
{
    bool compatible;
    Part part = part_of(declared, &compatible);
    if (part == PART_NONE)
        return declared;
    Family *family = compatible ? &r->compatible : &r->simple;
    if (part == PART_ELEMENT)
        return family->element;
    if (part == PART_ARRAY) {
        if (family->array)
            return family->array;
        Oid array = type_array(r->catalog, family->element);
        if (!array)
            error_set(r->an->error, ERRCODE_UNDEFINED_OBJECT, "could not find array type for data type %s",
                      type_text(r->an, family->element));
        return array;
    }
    const CatType *made_of = family->range ? catalog_type(r->catalog, family->range) : NULL;
    Oid range = part == PART_RANGE ? family->range : family->multirange ? family->multirange : made_of ? made_of->multirange : OID_NONE;
    if (!range)
        error_set(r->an->error, ERRCODE_DATATYPE_MISMATCH, "could not determine polymorphic type %s because input has type %s",
                  type_text(r->an, declared), "unknown");
    return range;
}

Oid polymorphic_resolve(Scope *scope, const Oid *actual, Oid *declared, int count, Oid result)
{
    Analyzer *an = scope->an;
    Resolution r = {.catalog = an->catalog, .an = an, .scope = scope, .compatible_types = ARENA_ARRAY(an->arena, Oid, count + 1)};
    if (!settle(&r, actual, declared, count))
        return OID_NONE;
    if (!r.simple.used && !r.compatible.used)
        return result;
    for (int i = 0; i < count; i++) {
        declared[i] = substitute(&r, declared[i]);
        if (!declared[i])
            return OID_NONE;
    }
    return substitute(&r, result);
}
