/*
 * candidate.c - the choice among several functions or operators (PostgreSQL manual, sections 10.2 and 10.3).
 */
#include "sql/analyze_int.h"

CandidateList candidates_matching(Catalog *catalog, Arena *arena, const CandidateList *all, const Oid *types, int ntypes)
{
    CandidateList matching = {0};
    for (size_t i = 0; i < all->count; i++)
        if (can_coerce(catalog, types, all->items[i]->types, ntypes, COERCE_IMPLICIT))
            vec_push(arena, &matching, all->items[i]);
    return matching;
}

/* How well a candidate takes the known arguments: exact matches, and with preferred also conversions to a preferred type. */
static int score(Catalog *catalog, const Candidate *candidate, const Oid *types, int ntypes, bool preferred_too)
{
    int points = 0;
    for (int i = 0; i < ntypes; i++) {
        if (types[i] == TYPE_UNKNOWN)
            continue;
        if (candidate->types[i] == types[i]) {
            points++;
        } else if (preferred_too) {
            bool preferred;
            char category = type_category(catalog, candidate->types[i], &preferred);
            points += preferred && category == type_category(catalog, types[i], NULL);
        }
    }
    return points;
}

static void keep_best(Catalog *catalog, CandidateList *list, const Oid *types, int ntypes, bool preferred_too)
{
    int best = 0;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        Candidate *candidate = list->items[i];
        int points = score(catalog, candidate, types, ntypes, preferred_too);
        if (points > best || i == 0) {
            best = points;
            kept = 0;
        }
        if (points == best)
            list->items[kept++] = candidate;
    }
    list->count = kept;
}

/* The category an unknown argument is taken for: any candidate's string category, else the one all agree on. 0: none. */
static char unknown_category(Catalog *catalog, const CandidateList *list, int position, bool *wants_preferred)
{
    char chosen = 0;
    bool conflict = false;
    *wants_preferred = false;
    for (size_t i = 0; i < list->count; i++) {
        bool preferred;
        char category = type_category(catalog, list->items[i]->types[position], &preferred);
        if (!chosen || (category == 'S' && chosen != 'S')) {
            conflict = false;
            chosen = category;
            *wants_preferred = preferred;
        } else if (category == chosen) {
            *wants_preferred |= preferred;
        } else if (chosen != 'S') {
            conflict = true;
        }
    }
    return conflict ? 0 : chosen;
}

static bool takes_categories(Catalog *catalog, const Candidate *candidate, const Oid *types, int ntypes, const char *categories,
                             const bool *preferred)
{
    for (int i = 0; i < ntypes; i++) {
        bool is_preferred;
        if (types[i] == TYPE_UNKNOWN &&
            (type_category(catalog, candidate->types[i], &is_preferred) != categories[i] || (preferred[i] && !is_preferred)))
            return false;
    }
    return true;
}

/* Drops the candidates that do not take the unknown arguments' categories, when some do. */
static void keep_categories(Catalog *catalog, Arena *arena, CandidateList *list, const Oid *types, int ntypes)
{
    char *categories = ARENA_ARRAY(arena, char, ntypes + 1);
    bool *preferred = ARENA_ARRAY(arena, bool, ntypes + 1);
    for (int i = 0; i < ntypes; i++) {
        if (types[i] != TYPE_UNKNOWN)
            continue;
        categories[i] = unknown_category(catalog, list, i, &preferred[i]);
        if (!categories[i])
            return;
    }
    CandidateList kept = {0};
    for (size_t i = 0; i < list->count; i++)
        if (takes_categories(catalog, list->items[i], types, ntypes, categories, preferred))
            vec_push(arena, &kept, list->items[i]);
    if (kept.count)
        *list = kept;
}

/* When all known arguments have one type, unknown ones are taken for it too, if that leaves just one candidate. */
static Candidate *by_known_type(Catalog *catalog, Arena *arena, const CandidateList *list, const Oid *types, int ntypes)
{
    Oid known = OID_NONE;
    for (int i = 0; i < ntypes; i++) {
        if (types[i] == TYPE_UNKNOWN)
            continue;
        if (known && known != types[i])
            return NULL;
        known = types[i];
    }
    if (!known)
        return NULL;
    Oid *all_known = ARENA_ARRAY(arena, Oid, ntypes + 1);
    for (int i = 0; i < ntypes; i++)
        all_known[i] = known;
    Candidate *found = NULL;
    for (size_t i = 0; i < list->count; i++)
        if (can_coerce(catalog, all_known, list->items[i]->types, ntypes, COERCE_IMPLICIT)) {
            if (found)
                return NULL;
            found = list->items[i];
        }
    return found;
}

Candidate *candidates_best(Catalog *catalog, Arena *arena, CandidateList *matching, const Oid *types, int ntypes)
{
    if (matching->count <= 1)
        return matching->count ? matching->items[0] : NULL;
    bool any_unknown = false;
    Oid *bases = ARENA_ARRAY(arena, Oid, ntypes + 1);
    for (int i = 0; i < ntypes; i++) {
        bases[i] = catalog_base_type(catalog, types[i], NULL);
        any_unknown |= types[i] == TYPE_UNKNOWN;
    }
    CandidateList list = *matching;
    list.items = ARENA_ARRAY(arena, Candidate *, matching->count);
    memcpy(list.items, matching->items, matching->count * sizeof *list.items);
    list.cap = matching->count;
    keep_best(catalog, &list, bases, ntypes, false);
    if (list.count > 1)
        keep_best(catalog, &list, bases, ntypes, true);
    if (list.count > 1 && any_unknown)
        keep_categories(catalog, arena, &list, bases, ntypes);
    if (list.count == 1)
        return list.items[0];
    return any_unknown ? by_known_type(catalog, arena, &list, bases, ntypes) : NULL;
}
