/*
 * func_domain.c - the errors of values that a domain refuses.
 *
 * Any thread, several at once.
 */
#include "func/func_array.h"

bool func_domain_refuse(Catalog *catalog, Oid domain, const char *constraint, Error *error)
{
    const CatType *type = catalog_type(catalog, domain);
    const char *shown = catalog_format_type(catalog, domain, -1, error->arena);
    if (!constraint)
        error_set(error, ERRCODE_NOT_NULL_VIOLATION, "domain %s does not allow null values", shown);
    else
        error_set(error, ERRCODE_CHECK_VIOLATION, "value for domain %s violates check constraint \"%s\"", shown, constraint);
    const CatNamespace *schema = type ? catalog_namespace(catalog, type->namespace_oid) : NULL;
    error->schema = schema ? arena_strdup(error->arena, schema->name) : NULL;
    error->datatype = type ? arena_strdup(error->arena, type->name) : NULL;
    error->constraint = constraint ? arena_strdup(error->arena, constraint) : NULL;
    return false;
}

bool helper_domain_refuse(FuncCall *call)
{
    func_domain_refuse(call->context->catalog, arg_oid(call, 0), call->args[1].is_null ? NULL : arg_text(call, 1), call->error);
    return error_at(call->error, (int)call->args[2].i);
}
