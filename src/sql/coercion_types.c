/*
 * coercion_types.c - what analysis asks about types, and which way leads from one to another (PostgreSQL manual, section 10.1 and
 * CREATE CAST).
 *
 * Invariant: a path is searched between base types; what a domain adds is coercion.c's matter. Any thread that owns the catalog's session.
 */
#include "sql/analyze_int.h"

Oid type_element(Catalog *catalog, Oid type)
{
    const CatType *found = catalog_type(catalog, type);
    /* record[] counts as a pseudo-type */
    return found && found->length == -1 && (found->category == 'A' || type == TYPE_RECORD_ARRAY) ? found->element : OID_NONE;
}

Oid type_array(Catalog *catalog, Oid element)
{
    const CatType *found = catalog_type(catalog, element);
    return found ? found->array : OID_NONE;
}

bool type_is_row(Catalog *catalog, Oid type)
{
    const CatType *found = catalog_type(catalog, catalog_base_type(catalog, type, NULL));
    return found && found->kind == 'c';
}

bool type_is_enum(Catalog *catalog, Oid type)
{
    const CatType *found = catalog_type(catalog, type);
    return found && found->kind == 'e';
}

Oid type_collation(Catalog *catalog, Oid type)
{
    const CatType *found = catalog_type(catalog, type);
    return found ? found->collation : OID_NONE;
}

/* As PostgreSQL's messages name types. Without a modifier in sight bpchar and bit go by their SQL names. */
const char *type_text(Analyzer *an, Oid type)
{
    static const struct {
        Oid type;
        const char *text;
    } SQL_NAMES[] = {{TYPE_BPCHAR, "character"}, {TYPE_BPCHAR_ARRAY, "character[]"}, {TYPE_BIT, "bit"}, {TYPE_BIT_ARRAY, "bit[]"}};
    for (size_t i = 0; i < COUNT_OF(SQL_NAMES); i++)
        if (SQL_NAMES[i].type == type)
            return SQL_NAMES[i].text;
    const char *text = catalog_format_type(an->catalog, type, -1, an->arena);
    return text ? text : "???";
}

char type_category(Catalog *catalog, Oid type, bool *preferred)
{
    const CatType *found = catalog_type(catalog, type);
    if (preferred)
        *preferred = found && found->preferred;
    return found ? found->category : '\0';
}

bool sql_is_polymorphic(Oid type)
{
    static const Oid POLYMORPHIC[] = {TYPE_ANYELEMENT,
                                      TYPE_ANYARRAY,
                                      TYPE_ANYNONARRAY,
                                      TYPE_ANYENUM,
                                      TYPE_ANYRANGE,
                                      TYPE_ANYMULTIRANGE,
                                      TYPE_ANYCOMPATIBLE,
                                      TYPE_ANYCOMPATIBLEARRAY,
                                      TYPE_ANYCOMPATIBLENONARRAY,
                                      TYPE_ANYCOMPATIBLERANGE,
                                      TYPE_ANYCOMPATIBLEMULTIRANGE};
    for (size_t i = 0; i < COUNT_OF(POLYMORPHIC); i++)
        if (POLYMORPHIC[i] == type)
            return true;
    return false;
}

static bool cast_allows(const CatCast *cast, CoercionContext context)
{
    return context == COERCE_EXPLICIT || cast->context == 'i' || (context == COERCE_ASSIGNMENT && cast->context == 'a');
}

static CoercionPath array_path(Catalog *catalog, Oid target, Oid source, CoercionContext context, Oid *function)
{
    Oid target_element, source_element;
    if (target == TYPE_OIDVECTOR || target == TYPE_INT2VECTOR)
        return PATH_NONE;
    target_element = type_element(catalog, target);
    source_element = type_element(catalog, source);
    if (!target_element || !source_element)
        return PATH_NONE;
    CoercionPath path = coercion_path(catalog, target_element, source_element, context, function);
    if (path != PATH_FUNC)
        *function = OID_NONE;
    return path == PATH_NONE ? PATH_NONE : PATH_ARRAY;
}

/* Any type may be assigned to a string through its text form, and any string be cast to any type explicitly. */
static CoercionPath text_path(Catalog *catalog, Oid target, Oid source, CoercionContext context)
{
    if (context >= COERCE_ASSIGNMENT && type_category(catalog, target, NULL) == 'S')
        return PATH_IO;
    if (context == COERCE_EXPLICIT && type_category(catalog, source, NULL) == 'S')
        return PATH_IO;
    return PATH_NONE;
}

CoercionPath coercion_path(Catalog *catalog, Oid target, Oid source, CoercionContext context, Oid *function)
{
    *function = OID_NONE;
    source = source ? catalog_base_type(catalog, source, NULL) : source;
    target = target ? catalog_base_type(catalog, target, NULL) : target;
    if (source == target)
        return PATH_RELABEL;
    const CatCast *cast = catalog_cast(catalog, source, target);
    if (cast) {
        if (!cast_allows(cast, context))
            return PATH_NONE;
        *function = cast->proc;
        return cast->method == 'f' ? PATH_FUNC : cast->method == 'i' ? PATH_IO : PATH_RELABEL;
    }
    CoercionPath path = array_path(catalog, target, source, context, function);
    return path != PATH_NONE ? path : text_path(catalog, target, source, context);
}

bool can_coerce_one(Catalog *catalog, Oid source, Oid target, CoercionContext context)
{
    Oid function;
    if (source == target || target == TYPE_ANY || sql_is_polymorphic(target) || source == TYPE_UNKNOWN)
        return true;
    if (coercion_path(catalog, target, source, context, &function) != PATH_NONE)
        return true;
    if (source == TYPE_RECORD && type_is_row(catalog, target))
        return true;
    if (target == TYPE_RECORD && type_is_row(catalog, source))
        return true;
    return target == TYPE_RECORD_ARRAY && type_element(catalog, source) && type_is_row(catalog, type_element(catalog, source));
}

bool can_coerce(Catalog *catalog, const Oid *sources, const Oid *targets, int count, CoercionContext context)
{
    bool polymorphic = false;
    for (int i = 0; i < count; i++) {
        if (!can_coerce_one(catalog, sources[i], targets[i], context))
            return false;
        polymorphic |= sources[i] != targets[i] && sql_is_polymorphic(targets[i]);
    }
    return !polymorphic || polymorphic_consistent(catalog, sources, targets, count);
}

bool sql_is_binary_coercible(Catalog *catalog, Oid source, Oid target)
{
    if (source == target || target == TYPE_ANY || target == TYPE_ANYELEMENT || target == TYPE_ANYCOMPATIBLE)
        return true;
    source = catalog_base_type(catalog, source, NULL);
    if (source == target)
        return true;
    bool is_array = type_element(catalog, source) != OID_NONE;
    const CatType *type = catalog_type(catalog, source);
    if (target == TYPE_ANYARRAY || target == TYPE_ANYCOMPATIBLEARRAY)
        return is_array;
    if (target == TYPE_ANYNONARRAY || target == TYPE_ANYCOMPATIBLENONARRAY)
        return !is_array;
    if (target == TYPE_ANYENUM)
        return type && type->kind == 'e';
    if (target == TYPE_ANYRANGE || target == TYPE_ANYCOMPATIBLERANGE)
        return type && type->kind == 'r';
    if (target == TYPE_ANYMULTIRANGE || target == TYPE_ANYCOMPATIBLEMULTIRANGE)
        return type && type->kind == 'm';
    if (target == TYPE_RECORD)
        return type && type->kind == 'c';
    if (target == TYPE_RECORD_ARRAY)
        return is_array && type_is_row(catalog, type_element(catalog, source));
    const CatCast *cast = catalog_cast(catalog, source, target);
    return cast && cast->method == 'b' && cast->context == 'i';
}
