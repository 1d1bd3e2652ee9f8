/*
 * function_parameter.c - parameters and result of a new routine: names, types, modes, defaults (CREATE FUNCTION's manual page).
 *
 * Invariants:
 *  1. all_types, modes and names have an entry a parameter, in the order they were written; arg_types has the input ones alone.
 *  2. Errors come parameter by parameter, in PostgreSQL's order of checks within one.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/function_internal.h"
#include "command/table_internal.h"

#define MODE(name) PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_##name

static bool invalid(Command *command, const char *text)
{
    return error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "%s", text);
}

static char mode_letter(PgQuery__FunctionParameterMode mode)
{
    switch (mode) {
    case MODE(OUT):
        return 'o';
    case MODE(INOUT):
        return 'b';
    case MODE(VARIADIC):
        return 'v';
    case MODE(TABLE):
        return 't';
    default:
        return 'i';
    }
}

/* PostgreSQL says "type x does not exist" without quotes of a parameter, with them of the result. */
static bool resolve(Command *command, const PgQuery__TypeName *name, bool is_result, Oid *type)
{
    int32_t typmod;
    if (!type_resolve(command, name, type, &typmod)) {
        if (!is_result && str_eq(command->error->sqlstate, ERRCODE_UNDEFINED_OBJECT) && !name->pct_type)
            error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "type %s does not exist",
                      name_list_text(command, name->names, name->n_names));
        command->error->position = 0;
        return false;
    }
    sql_warn_precision(name, *type, NULL, -1, command->catalog);
    return require_privilege(command, PG_TYPE_RELATION, *type, ACL_USAGE);
}

static bool set_variadic(Command *command, NewRoutine *routine, Oid type)
{
    const CatType *known = catalog_type(command->catalog, type);
    routine->variadic = type == TYPE_ANYARRAY             ? TYPE_ANYELEMENT
                        : type == TYPE_ANY                ? TYPE_ANY
                        : type == TYPE_ANYCOMPATIBLEARRAY ? TYPE_ANYCOMPATIBLE
                        : known && known->category == 'A' ? known->element
                                                          : OID_NONE;
    return routine->variadic != OID_NONE || invalid(command, "VARIADIC parameter must be an array");
}

/* A pure input and a pure output may share a name. */
static bool modes_clash(char a, char b)
{
    bool a_in = a == 'i' || a == 'v', b_in = b == 'i' || b == 'v', a_out = a == 'o' || a == 't', b_out = b == 'o' || b == 't';
    return !(a_in && b_out) && !(a_out && b_in);
}

static bool check_name(Command *command, const NewRoutine *routine, const char *name, char mode)
{
    for (int i = 0; name && i < routine->nall; i++) {
        if (str_eq(routine->names[i], name) && modes_clash(routine->modes[i], mode))
            return error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "parameter name \"%s\" used more than once", name);
    }
    return true;
}

static bool add_default(Command *command, NewRoutine *routine, const Node *node, Oid type, Str *defaults)
{
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = command->context->text};
    const Expr *expr = sql_analyze_expr(node, NULL, type, -1, &context, command->arena, command->error);
    if (!expr) {
        /* There are no columns here: a name is one that does not exist. */
        if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF && str_eq(command->error->sqlstate, ERRCODE_FEATURE_NOT_SUPPORTED)) {
            const PgQuery__ColumnRef *column = node->column_ref;
            int position = command->error->position;
            error_set(command->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" does not exist",
                      name_list_text(command, column->fields, column->n_fields));
            command->error->position = position;
        }
        if (str_eq(command->error->sqlstate, ERRCODE_DATATYPE_MISMATCH) && command->error->hint) {
            Expr *plain = sql_analyze_expr(node, NULL, OID_NONE, -1, &context, command->arena, command->error);
            int position = command->error->position;
            error_set(command->error, ERRCODE_DATATYPE_MISMATCH, "argument of DEFAULT must be type %s, not type %s",
                      catalog_format_type(command->catalog, type, TYPMOD_NOT_GIVEN, command->arena),
                      plain ? catalog_format_type(command->catalog, plain->type, TYPMOD_NOT_GIVEN, command->arena) : "unknown");
            command->error->position = position;
        }
        return false;
    }
    if (!expr_types_usable(command, expr))
        return false;
    str_addf(defaults, "%s%s", routine->ndefaults ? ", " : "", expr_text(command, expr, NULL));
    routine->ndefaults++;
    vec_push(command->arena, &routine->default_exprs, expr);
    return true;
}

static bool add_parameter(Command *command, const PgQuery__FunctionParameter *parameter, bool *variadic_seen, NewRoutine *routine,
                          Str *defaults)
{
    Oid type;
    char mode = mode_letter(parameter->mode);
    bool is_input = strchr("ibv", mode) != NULL;
    const char *name = text_given(parameter->name);
    if (!resolve(command, parameter->arg_type, false, &type))
        return false;
    if (parameter->arg_type->setof)
        return invalid(command, routine->is_procedure ? "procedures cannot accept set arguments" : "functions cannot accept set arguments");
    if (is_input && *variadic_seen)
        return invalid(command, "VARIADIC parameter must be the last input parameter");
    if (!is_input && mode == 'o' && routine->is_procedure && *variadic_seen)
        return invalid(command, "VARIADIC parameter must be the last parameter");
    if (mode == 'v') {
        *variadic_seen = true;
        if (!set_variadic(command, routine, type))
            return false;
    }
    if (!check_name(command, routine, name, mode))
        return false;
    if (parameter->defexpr) {
        if (!is_input)
            return invalid(command, "only input parameters can have default values");
        if (!add_default(command, routine, parameter->defexpr, type, defaults))
            return false;
    } else if (is_input && routine->ndefaults) {
        return invalid(command, "input parameters after one with a default value must also have defaults");
    } else if (routine->is_procedure && !is_input && routine->ndefaults) {
        return invalid(command, "procedure OUT parameters cannot appear after one with a default value");
    }
    routine->has_names |= name != NULL;
    routine->has_modes |= mode != 'i';
    routine->all_types[routine->nall] = type;
    routine->modes[routine->nall] = mode;
    routine->names[routine->nall++] = name ? name : "";
    if (is_input)
        routine->arg_types[routine->nargs++] = type;
    return true;
}

static Oid required_result(const NewRoutine *routine)
{
    Oid only = OID_NONE;
    int count = 0;
    for (int i = 0; i < routine->nall; i++)
        if (strchr("obt", routine->modes[i])) {
            only = routine->all_types[i];
            count++;
        }
    return count == 0 ? OID_NONE : count > 1 || routine->is_procedure ? TYPE_RECORD : only;
}

bool routine_parameters(Command *command, const PgQuery__CreateFunctionStmt *statement, NewRoutine *routine, Oid *required)
{
    enum { MAX_PARAMETERS = 100 };
    size_t count = statement->n_parameters;
    bool variadic_seen = false;
    Str defaults;
    str_init(&defaults, command->arena);
    routine->arg_types = ARENA_ARRAY(command->arena, Oid, count + 1);
    routine->all_types = ARENA_ARRAY(command->arena, Oid, count + 1);
    routine->modes = ARENA_ARRAY(command->arena, char, count + 1);
    routine->names = ARENA_ARRAY(command->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        if (!add_parameter(command, statement->parameters[i]->function_parameter, &variadic_seen, routine, &defaults))
            return false;
    if (routine->nargs > MAX_PARAMETERS)
        return error_set(command->error, ERRCODE_TOO_MANY_ARGUMENTS, "functions cannot have more than %d arguments", MAX_PARAMETERS);
    routine->defaults = routine->ndefaults ? defaults.data : NULL;
    *required = required_result(routine);
    return true;
}

/* ---- the result ---- */

static bool has_type_in(const NewRoutine *routine, const Oid *wanted, size_t count)
{
    for (int i = 0; i < routine->nargs; i++)
        for (size_t j = 0; j < count; j++)
            if (routine->arg_types[i] == wanted[j])
                return true;
    return false;
}

/* A polymorphic result must follow from a polymorphic argument of its family; ranges follow from ranges. */
static bool check_polymorphic(Command *command, const NewRoutine *routine, Oid type)
{
    enum { MOST = 6 };
    static const struct {
        Oid results[MOST], inputs[MOST];
        const char *shown;
    } RULES[] = {
        {{TYPE_ANYRANGE, TYPE_ANYMULTIRANGE}, {TYPE_ANYRANGE, TYPE_ANYMULTIRANGE}, "anyrange or anymultirange"},
        {{TYPE_ANYCOMPATIBLERANGE, TYPE_ANYCOMPATIBLEMULTIRANGE},
         {TYPE_ANYCOMPATIBLERANGE, TYPE_ANYCOMPATIBLEMULTIRANGE},
         "anycompatiblerange or anycompatiblemultirange"},
        {{TYPE_ANYELEMENT, TYPE_ANYARRAY, TYPE_ANYNONARRAY, TYPE_ANYENUM},
         {TYPE_ANYELEMENT, TYPE_ANYARRAY, TYPE_ANYNONARRAY, TYPE_ANYENUM, TYPE_ANYRANGE, TYPE_ANYMULTIRANGE},
         "anyelement, anyarray, anynonarray, anyenum, anyrange, or anymultirange"},
        {{TYPE_ANYCOMPATIBLE, TYPE_ANYCOMPATIBLEARRAY, TYPE_ANYCOMPATIBLENONARRAY},
         {TYPE_ANYCOMPATIBLE, TYPE_ANYCOMPATIBLEARRAY, TYPE_ANYCOMPATIBLENONARRAY, TYPE_ANYCOMPATIBLERANGE, TYPE_ANYCOMPATIBLEMULTIRANGE},
         "anycompatible, anycompatiblearray, anycompatiblenonarray, anycompatiblerange, or anycompatiblemultirange"},
    };
    for (size_t i = 0; i < COUNT_OF(RULES); i++)
        for (int k = 0; k < MOST && RULES[i].results[k]; k++)
            if (RULES[i].results[k] == type && !has_type_in(routine, RULES[i].inputs, MOST)) {
                error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "cannot determine result data type");
                return error_detail(command->error, "A result of type %s requires at least one input of type %s.",
                                    catalog_format_type(command->catalog, type, TYPMOD_NOT_GIVEN, command->arena), RULES[i].shown);
            }
    if (type != TYPE_INTERNAL || has_type_in(routine, &(Oid){TYPE_INTERNAL}, 1))
        return true;
    error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "unsafe use of pseudo-type \"internal\"");
    return error_detail(command->error, "A function returning \"internal\" must have at least one \"internal\" argument.");
}

bool routine_result(Command *command, const PgQuery__CreateFunctionStmt *statement, NewRoutine *routine, Oid required)
{
    if (routine->is_procedure) {
        routine->result = required != OID_NONE ? required : TYPE_VOID;
        return true;
    }
    if (statement->return_type) {
        if (!resolve(command, statement->return_type, true, &routine->result))
            return false;
        routine->returns_set = statement->return_type->setof;
        if (required != OID_NONE && routine->result != required)
            return error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION,
                             "function result type must be %s because of OUT parameters",
                             catalog_format_type(command->catalog, required, TYPMOD_NOT_GIVEN, command->arena));
    } else if (required != OID_NONE) {
        routine->result = required;
    } else {
        return invalid(command, "function result type must be specified");
    }
    if (!check_polymorphic(command, routine, routine->result))
        return false;
    for (int i = 0; i < routine->nall; i++)
        if (strchr("ot", routine->modes[i]) && !check_polymorphic(command, routine, routine->all_types[i]))
            return false;
    return true;
}
