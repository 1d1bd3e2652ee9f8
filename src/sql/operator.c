/*
 * operator.c - which operator is meant (PostgreSQL manual, section 10.2), and the expressions that operators make.
 */
#include "sql/analyze_int.h"

typedef struct OperatorName {
    const char *schema, *name; /* schema NULL: search path */
    const char *written;       /* for messages */
} OperatorName;

static const CatOperator *exact(Catalog *catalog, const OperatorName *name, Oid left, Oid right)
{
    const CatOperator *const *ops;
    size_t count = catalog_operators_by_name(catalog, name->schema, name->name, &ops);
    for (size_t i = 0; i < count; i++)
        if (ops[i]->left == left && ops[i]->right == right)
            return ops[i];
    return NULL;
}

/* A literal of unknown type beside a known one is first taken for the same type. */
static const CatOperator *exact_with_unknown(Catalog *catalog, const OperatorName *name, Oid left, Oid right)
{
    bool was_unknown = false;
    if (left && left != right && (left == TYPE_UNKNOWN || right == TYPE_UNKNOWN)) {
        left = right = left == TYPE_UNKNOWN ? right : left;
        was_unknown = true;
    }
    const CatOperator *found = exact(catalog, name, left, right);
    Oid base = was_unknown && !found ? catalog_base_type(catalog, left, NULL) : left;
    return base != left ? exact(catalog, name, base, base) : found;
}

static CandidateList candidates_of(Scope *scope, const OperatorName *name, bool prefix)
{
    Analyzer *an = scope->an;
    CandidateList list = {0};
    const CatOperator *const *ops;
    size_t count = catalog_operators_by_name(an->catalog, name->schema, name->name, &ops);
    for (size_t i = 0; i < count; i++) {
        if ((ops[i]->kind == 'l') != prefix)
            continue;
        Candidate *candidate = ARENA_NEW(an->arena, Candidate);
        candidate->oid = ops[i]->oid;
        candidate->types = ARENA_ARRAY(an->arena, Oid, 2);
        candidate->types[candidate->ntypes++] = prefix ? ops[i]->right : ops[i]->left;
        if (!prefix)
            candidate->types[candidate->ntypes++] = ops[i]->right;
        bool hidden = false;
        for (size_t j = 0; j < list.count && !hidden; j++)
            hidden = memcmp(list.items[j]->types, candidate->types, sizeof(Oid) * (size_t)candidate->ntypes) == 0;
        if (!hidden)
            vec_push(an->arena, &list, candidate);
    }
    return list;
}

static bool operator_error(Scope *scope, const OperatorName *name, Oid left, Oid right, bool ambiguous, int location)
{
    Analyzer *an = scope->an;
    const char *signature = left ? arena_printf(an->arena, "%s %s %s", type_text(an, left), name->written, type_text(an, right))
                                 : arena_printf(an->arena, "%s %s", name->written, type_text(an, right));
    if (ambiguous) {
        error_set(an->error, ERRCODE_AMBIGUOUS_FUNCTION, "operator is not unique: %s", signature);
        error_hint(an->error, "Could not choose a best candidate operator. You might need to add explicit type casts.");
    } else {
        error_set(an->error, ERRCODE_UNDEFINED_FUNCTION, "operator does not exist: %s", signature);
        error_hint(an->error, left ? "No operator matches the given name and argument types. You might need to add explicit type casts."
                                   : "No operator matches the given name and argument type. You might need to add an explicit type cast.");
    }
    return analyze_at(an, location);
}

/* By PostgreSQL's rules, among all operators of the name. */
static const CatOperator *search(Scope *scope, const OperatorName *name, Oid left, Oid right, int location)
{
    Analyzer *an = scope->an;
    const CatOperator *found = exact_with_unknown(an->catalog, name, left, right);
    if (found)
        return found;
    Oid types[2] = {left ? left : right, right};
    int ntypes = left ? 2 : 1;
    CandidateList all = candidates_of(scope, name, !left);
    CandidateList matching = candidates_matching(an->catalog, an->arena, &all, types, ntypes);
    Candidate *best = candidates_best(an->catalog, an->arena, &matching, types, ntypes);
    if (best)
        return catalog_operator(an->catalog, best->oid);
    operator_error(scope, name, left, right, matching.count > 1, location);
    return NULL;
}

/* A statement says the same thing many times: what was found is kept as long as the analysis runs. */
static const CatOperator *find(Scope *scope, const OperatorName *name, Oid left, Oid right, int location)
{
    Analyzer *an = scope->an;
    if (name->schema && !names_check_schema(scope, name->schema, location))
        return NULL;
    const char *key = arena_printf(an->arena, "%u %u %s", left, right, name->written);
    const CatOperator *found = map_get(an->operators, key, strlen(key));
    if (!found && (found = search(scope, name, left, right, location)))
        map_put(an->operators, key, strlen(key), (void *)found);
    return found;
}

static bool name_of(Scope *scope, Node *const *names, size_t nnames, int location, OperatorName *out)
{
    *out = (OperatorName){.written = join_names(scope->an->arena, names, nnames)};
    return names_split(scope, names, nnames, location, &out->schema, &out->name);
}

const CatOperator *find_operator(Scope *scope, Node *const *names, size_t nnames, Oid left, Oid right, int location)
{
    OperatorName name;
    return name_of(scope, names, nnames, location, &name) ? find(scope, &name, left, right, location) : NULL;
}

static Expr *make(Scope *scope, const OperatorName *name, Expr *left, Expr *right, int location)
{
    Analyzer *an = scope->an;
    const CatOperator *op = find(scope, name, left ? left->type : OID_NONE, right->type, location);
    if (!op)
        return NULL;
    Expr *operands[2] = {left ? left : right, right};
    Oid actual[2], declared[2] = {left ? op->left : op->right, op->right};
    int count = left ? 2 : 1;
    for (int i = 0; i < count; i++)
        actual[i] = operands[i]->type;
    Oid result = polymorphic_resolve(scope, actual, declared, count, op->result);
    if (!result)
        return NULL;
    Expr *expr = expr_new(scope, EXPR_OP, result, location);
    if (!expr)
        return NULL;
    expr->oid = op->oid;
    expr->nargs = count;
    expr->args = ARENA_ARRAY(an->arena, Expr *, count);
    for (int i = 0; i < count; i++) {
        expr->args[i] = coerce_type(scope, operands[i], declared[i], -1, COERCE_IMPLICIT, FUNC_IMPLICIT_CAST, -1);
        if (!expr->args[i])
            return NULL;
    }
    return expr;
}

Expr *make_operator(Scope *scope, Node *const *names, size_t nnames, Expr *left, Expr *right, int location)
{
    OperatorName name;
    return name_of(scope, names, nnames, location, &name) ? make(scope, &name, left, right, location) : NULL;
}

Expr *make_named_operator(Scope *scope, const char *name, Expr *left, Expr *right, int location)
{
    return make(scope, &(OperatorName){.name = name, .written = name}, left, right, location);
}

Expr *make_distinct(Scope *scope, Node *const *names, size_t nnames, Expr *left, Expr *right, int location)
{
    Expr *expr = make_operator(scope, names, nnames, left, right, location);
    if (!expr)
        return NULL;
    if (expr->type != TYPE_BOOL) {
        error_set(scope->an->error, ERRCODE_DATATYPE_MISMATCH, "IS DISTINCT FROM requires = operator to yield boolean");
        analyze_at(scope->an, location);
        return NULL;
    }
    expr->kind = EXPR_DISTINCT;
    return expr;
}

static Expr *any_all_error(Scope *scope, const char *text, int location)
{
    error_set(scope->an->error, ERRCODE_WRONG_OBJECT_TYPE, "op ANY/ALL (array) requires %s", text);
    analyze_at(scope->an, location);
    return NULL;
}

/* The array type that the operator's right operand asks for. OID_NONE: failed. */
static Oid array_operand_type(Scope *scope, const CatOperator *op, Oid resolved, Oid given, int location)
{
    if (sql_is_polymorphic(op->right) && given != TYPE_UNKNOWN)
        return given;
    Oid array = type_array(scope->an->catalog, resolved);
    if (!array) {
        error_set(scope->an->error, ERRCODE_UNDEFINED_OBJECT, "could not find array type for data type %s", type_text(scope->an, resolved));
        analyze_at(scope->an, location);
    }
    return array;
}

Expr *make_any_all(Scope *scope, Node *const *names, size_t nnames, bool is_all, Expr *left, Expr *right, int location)
{
    Analyzer *an = scope->an;
    Oid element = right->type == TYPE_UNKNOWN ? TYPE_UNKNOWN : type_element(an->catalog, catalog_base_type(an->catalog, right->type, NULL));
    if (!element)
        return any_all_error(scope, "array on right side", location);
    const CatOperator *op = find_operator(scope, names, nnames, left->type, element, location);
    if (!op)
        return NULL;
    if (op->result != TYPE_BOOL)
        return any_all_error(scope, "operator to yield boolean", location);
    const CatProc *proc = catalog_proc(an->catalog, op->proc);
    if (proc && proc->returns_set)
        return any_all_error(scope, "operator not to return a set", location);
    /* Polymorphic operands are settled by the element's type; the array then follows from it. */
    Oid actual[2] = {left->type, element}, declared[2] = {op->left, op->right};
    if (!polymorphic_resolve(scope, actual, declared, 2, op->result))
        return NULL;
    Oid array = array_operand_type(scope, op, declared[1], right->type, location);
    if (!array)
        return NULL;
    Expr *expr = expr_new(scope, EXPR_ANY_ALL, TYPE_BOOL, location);
    if (!expr)
        return NULL;
    expr->oid = op->oid;
    expr->u.is_all = is_all;
    expr->nargs = 2;
    expr->args = ARENA_ARRAY(an->arena, Expr *, 2);
    expr->args[0] = coerce_type(scope, left, declared[0], -1, COERCE_IMPLICIT, FUNC_IMPLICIT_CAST, -1);
    expr->args[1] = coerce_type(scope, right, array, -1, COERCE_IMPLICIT, FUNC_IMPLICIT_CAST, -1);
    return expr->args[0] && expr->args[1] ? expr : NULL;
}
