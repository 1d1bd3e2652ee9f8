/*
 * generate.c - the data of TPC-H, by clause 4.2 of its specification: tpch_generate SCALE DIRECTORY writes one CSV file a table, with a
 * header.
 *
 *  1. Cardinalities, key formulas, value ranges, date rules and word lists are the specification's; so is the text: a pool of sentences by
 *     its grammar, of which each comment is a piece.
 *  2. The same scale gives the same bytes, on every machine: a row's random numbers follow from its table and key alone.
 *  3. What differs from the TPC's own program: the random numbers themselves, the pool's size (4 MB for 300), the weights of the text's
 * words (close to it, so that the patterns that queries look for are about as frequent). So answers differ from those the TPC publishes.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

enum { POOL_BYTES = 4 << 20, MAX_LINES = 7, TEXT_MAX = 256 };

/* Days are counted from 1992-01-01, the specification's STARTDATE. */
enum { CURRENT_DAY = 1263 /* 1995-06-17 */, END_DAY = 2556 /* 1998-12-31 */ };

typedef struct Random {
    uint64_t state;
} Random;

typedef struct Scale {
    long suppliers, parts, customers, orders, clerks;
} Scale;

typedef struct Pool {
    char *text;
    size_t used;
} Pool;

static uint64_t random_next(Random *random)
{
    uint64_t z = random->state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static Random random_of_row(char table, long key)
{
    Random random = {(uint64_t)table << 56 ^ (uint64_t)key * 0x2545f4914f6cdd1d};
    random_next(&random);
    return random;
}

static long pick(Random *random, long low, long high)
{
    return low + (long)(random_next(random) % (uint64_t)(high - low + 1));
}

static const char *pick_word(Random *random, const char *const *words)
{
    long count = 0;
    while (words[count])
        count++;
    return words[pick(random, 0, count - 1)];
}

/* One of the words by its weight, without that. */
static void pick_weighted(Random *random, const char *const *words, char *out)
{
    long total = 0;
    for (long i = 0; words[i]; i++) {
        const char *bar = strchr(words[i], '|');
        total += bar ? atol(bar + 1) : 1;
    }
    long at = pick(random, 1, total);
    for (long i = 0;; i++) {
        const char *bar = strchr(words[i], '|');
        at -= bar ? atol(bar + 1) : 1;
        if (at <= 0) {
            size_t length = bar ? (size_t)(bar - words[i]) : strlen(words[i]);
            memcpy(out, words[i], length);
            out[length] = 0;
            return;
        }
    }
}

static const char *const *grammar_rule(char symbol)
{
    switch (symbol) {
    case 'N':
        return NOUN_PHRASES;
    case 'V':
        return VERB_PHRASES;
    case 'P':
        return PREPOSITIONAL_PHRASES;
    case 'T':
        return TERMINATORS;
    case 'j':
        return ADJECTIVES;
    case 'd':
        return ADVERBS;
    case 'n':
        return NOUNS;
    case 'v':
        return VERBS;
    case 'x':
        return AUXILIARIES;
    case 'p':
        return PREPOSITIONS;
    default:
        return NULL;
    }
}

/* A symbol stands alone between blanks, commas and ends; any other word is text. */
static void expand(Random *random, const char *form, Pool *pool)
{
    for (const char *at = form; *at; at++) {
        bool alone = (at == form || at[-1] == ' ') && (at[1] == 0 || at[1] == ' ' || at[1] == ',');
        const char *const *rule = alone ? grammar_rule(*at) : NULL;
        if (!rule) {
            pool->text[pool->used++] = *at;
            continue;
        }
        char chosen[64];
        pick_weighted(random, rule, chosen);
        if (*at >= 'a') {
            memcpy(pool->text + pool->used, chosen, strlen(chosen));
            pool->used += strlen(chosen);
        } else if (*at == 'T') { // ends the sentence without a blank before it
            pool->used -= pool->text[pool->used - 1] == ' ';
            memcpy(pool->text + pool->used, chosen, strlen(chosen));
            pool->used += strlen(chosen);
        } else {
            expand(random, chosen, pool);
        }
    }
}

static Pool pool_make(void)
{
    enum { SENTENCE_MAX = 1024 };
    Pool pool = {malloc(POOL_BYTES + SENTENCE_MAX), 0};
    Random random = random_of_row('t', 0);
    while (pool.used < POOL_BYTES) {
        char form[64];
        pick_weighted(&random, SENTENCES, form);
        expand(&random, form, &pool);
        pool.text[pool.used++] = ' ';
    }
    return pool;
}

/* The specification's text appearance [min, max]: a piece of the pool that neither begins nor ends with a blank, which not every reader of
   CSV keeps. */
static const char *pick_text(Random *random, const Pool *pool, int min, int max, char *out)
{
    long length = pick(random, min, max), at = pick(random, 0, POOL_BYTES - length);
    memcpy(out, pool->text + at, (size_t)length);
    out[0] = out[0] == ' ' ? '.' : out[0];
    out[length - 1] = out[length - 1] == ' ' ? '.' : out[length - 1];
    out[length] = 0;
    return out;
}

/* The specification's v-string [min, max]: random letters, digits, commas and blanks. */
static const char *pick_string(Random *random, int min, int max, char *out)
{
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ,";
    long length = pick(random, min, max);
    for (long i = 0; i < length; i++)
        out[i] = letters[pick(random, 0, (long)sizeof letters - 2)];
    out[0] = out[0] == ' ' ? 'x' : out[0];
    out[length - 1] = out[length - 1] == ' ' ? 'x' : out[length - 1];
    out[length] = 0;
    return out;
}

static const char *pick_phone(Random *random, long nation, char *out)
{
    long a = pick(random, 100, 999), b = pick(random, 100, 999), c = pick(random, 1000, 9999);
    snprintf(out, TEXT_MAX, "%ld-%ld-%ld-%ld", nation + 10, a, b, c);
    return out;
}

static const char *money(long cents, char *out)
{
    snprintf(out, TEXT_MAX, "%s%ld.%02ld", cents < 0 ? "-" : "", labs(cents) / 100, labs(cents) % 100);
    return out;
}

static const char *date_text(long day, char *out)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = 1992, month = 0;
    for (; day >= 365 + (year % 4 == 0); year++)
        day -= 365 + (year % 4 == 0);
    for (; day >= lengths[month] + (month == 1 && year % 4 == 0); month++)
        day -= lengths[month] + (month == 1 && year % 4 == 0);
    snprintf(out, TEXT_MAX, "%d-%02d-%02ld", year, month + 1, day + 1);
    return out;
}

static FILE *table_open(const char *directory, const char *name, const char *header)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.csv", directory, name);
    FILE *file = fopen(path, "w");
    if (!file) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(1);
    }
    fprintf(file, "%s\n", header);
    return file;
}

static void table_close(FILE *file)
{
    if (fclose(file) != 0) {
        fprintf(stderr, "a table could not be written: %s\n", strerror(errno));
        exit(1);
    }
}

static void make_nations(const char *directory, const Pool *pool)
{
    char text[TEXT_MAX];
    FILE *file = table_open(directory, "region", "r_regionkey,r_name,r_comment");
    for (long i = 0; REGIONS[i]; i++) {
        Random random = random_of_row('r', i);
        fprintf(file, "%ld,%s,\"%s\"\n", i, REGIONS[i], pick_text(&random, pool, 31, 115, text));
    }
    table_close(file);
    file = table_open(directory, "nation", "n_nationkey,n_name,n_regionkey,n_comment");
    for (long i = 0; i < NATION_COUNT; i++) {
        Random random = random_of_row('n', i);
        fprintf(file, "%ld,%s,%d,\"%s\"\n", i, NATIONS[i].name, NATIONS[i].region, pick_text(&random, pool, 31, 114, text));
    }
    table_close(file);
}

/* Five suppliers in 10,000 have a comment with "Customer...Complaints", five others with "Customer...Recommends". */
static void add_customer_note(Random *random, long key, char *comment)
{
    const char *note = key % 2000 == 7 ? "Complaints" : key % 2000 == 1007 ? "Recommends" : NULL;
    if (!note)
        return;
    long length = (long)strlen(comment), gap = pick(random, 0, length - 8 - 10), at = pick(random, 0, length - 8 - 10 - gap);
    memcpy(comment + at, "Customer", 8);
    memcpy(comment + at + 8 + gap, note, 10);
}

static void make_suppliers(const char *directory, const Pool *pool, const Scale *scale)
{
    char address[TEXT_MAX], phone[TEXT_MAX], balance[TEXT_MAX], comment[TEXT_MAX];
    FILE *file = table_open(directory, "supplier", "s_suppkey,s_name,s_address,s_nationkey,s_phone,s_acctbal,s_comment");
    for (long key = 1; key <= scale->suppliers; key++) {
        Random random = random_of_row('s', key);
        long nation = pick(&random, 0, NATION_COUNT - 1);
        pick_string(&random, 10, 40, address);
        pick_phone(&random, nation, phone);
        money(pick(&random, -99999, 999999), balance);
        pick_text(&random, pool, 25, 100, comment);
        add_customer_note(&random, key, comment);
        fprintf(file, "%ld,Supplier#%09ld,\"%s\",%ld,%s,%s,\"%s\"\n", key, key, address, nation, phone, balance, comment);
    }
    table_close(file);
}

static void make_customers(const char *directory, const Pool *pool, const Scale *scale)
{
    char address[TEXT_MAX], phone[TEXT_MAX], balance[TEXT_MAX], comment[TEXT_MAX];
    FILE *file = table_open(directory, "customer", "c_custkey,c_name,c_address,c_nationkey,c_phone,c_acctbal,c_mktsegment,c_comment");
    for (long key = 1; key <= scale->customers; key++) {
        Random random = random_of_row('c', key);
        long nation = pick(&random, 0, NATION_COUNT - 1);
        pick_string(&random, 10, 40, address);
        pick_phone(&random, nation, phone);
        money(pick(&random, -99999, 999999), balance);
        const char *segment = pick_word(&random, SEGMENTS);
        fprintf(file, "%ld,Customer#%09ld,\"%s\",%ld,%s,%s,%s,\"%s\"\n", key, key, address, nation, phone, balance, segment,
                pick_text(&random, pool, 29, 116, comment));
    }
    table_close(file);
}

static long part_price(long key)
{
    return 90000 + key / 10 % 20001 + 100 * (key % 1000);
}

/* The i-th of the four suppliers of a part. */
static long part_supplier(const Scale *scale, long part, long i)
{
    return (part + i * (scale->suppliers / 4 + (part - 1) / scale->suppliers)) % scale->suppliers + 1;
}

/* A name is five colours, no two the same. */
static void pick_name(Random *random, char *out)
{
    enum { COLOR_COUNT = sizeof COLORS / sizeof *COLORS - 1, NAME_WORDS = 5 };
    long chosen[NAME_WORDS];
    *out = 0;
    for (int i = 0; i < NAME_WORDS; i++) {
        bool again = true;
        while (again) {
            chosen[i] = pick(random, 0, COLOR_COUNT - 1);
            again = false;
            for (int j = 0; j < i; j++)
                again = again || chosen[j] == chosen[i];
        }
        strcat(strcat(out, i ? " " : ""), COLORS[chosen[i]]);
    }
}

static void make_parts(const char *directory, const Pool *pool, const Scale *scale)
{
    char name[TEXT_MAX], price[TEXT_MAX], comment[TEXT_MAX];
    FILE *parts = table_open(directory, "part", "p_partkey,p_name,p_mfgr,p_brand,p_type,p_size,p_container,p_retailprice,p_comment");
    FILE *supplies = table_open(directory, "partsupp", "ps_partkey,ps_suppkey,ps_availqty,ps_supplycost,ps_comment");
    for (long key = 1; key <= scale->parts; key++) {
        Random random = random_of_row('p', key);
        pick_name(&random, name);
        long maker = pick(&random, 1, 5), brand = pick(&random, 1, 5), size = pick(&random, 1, 50);
        const char *type[3] = {pick_word(&random, TYPE_SIZES), pick_word(&random, TYPE_FINISHES), pick_word(&random, TYPE_METALS)};
        const char *container[2] = {pick_word(&random, CONTAINER_SIZES), pick_word(&random, CONTAINER_KINDS)};
        fprintf(parts, "%ld,%s,Manufacturer#%ld,Brand#%ld%ld,%s %s %s,%ld,%s %s,%s,\"%s\"\n", key, name, maker, maker, brand, type[0],
                type[1], type[2], size, container[0], container[1], money(part_price(key), price),
                pick_text(&random, pool, 5, 22, comment));
        for (long i = 0; i < 4; i++) {
            long quantity = pick(&random, 1, 9999);
            money(pick(&random, 100, 100000), price);
            fprintf(supplies, "%ld,%ld,%ld,%s,\"%s\"\n", key, part_supplier(scale, key, i), quantity, price,
                    pick_text(&random, pool, 49, 198, comment));
        }
    }
    table_close(parts);
    table_close(supplies);
}

typedef struct Line {
    long part, supplier, quantity, price, discount, tax, ship_day, commit_day, receipt_day;
} Line;

static Line pick_line(Random *random, const Scale *scale, long order_day)
{
    Line line = {.part = pick(random, 1, scale->parts)};
    line.supplier = part_supplier(scale, line.part, pick(random, 0, 3));
    line.quantity = pick(random, 1, 50);
    line.price = line.quantity * part_price(line.part);
    line.discount = pick(random, 0, 10);
    line.tax = pick(random, 0, 8);
    line.ship_day = order_day + pick(random, 1, 121);
    line.commit_day = order_day + pick(random, 30, 90);
    line.receipt_day = line.ship_day + pick(random, 1, 30);
    return line;
}

static void write_line(FILE *file, Random *random, const Pool *pool, long order, int number, const Line *line)
{
    char price[TEXT_MAX], days[3][TEXT_MAX], comment[TEXT_MAX];
    const char *returned = line->receipt_day > CURRENT_DAY ? "N" : pick(random, 0, 1) ? "R" : "A";
    const char *instruction = pick_word(random, INSTRUCTIONS), *mode = pick_word(random, MODES);
    fprintf(file, "%ld,%ld,%ld,%d,%ld.00,%s,0.%02ld,0.%02ld,%s,%s,%s,%s,%s,%s,%s,\"%s\"\n", order, line->part, line->supplier, number,
            line->quantity, money(line->price, price), line->discount, line->tax, returned, line->ship_day > CURRENT_DAY ? "O" : "F",
            date_text(line->ship_day, days[0]), date_text(line->commit_day, days[1]), date_text(line->receipt_day, days[2]), instruction,
            mode, pick_text(random, pool, 10, 43, comment));
}

/* Of every 32 order keys the first eight are used; a third of the customers has no orders. */
static void make_orders(const char *directory, const Pool *pool, const Scale *scale)
{
    char total[TEXT_MAX], day[TEXT_MAX], comment[TEXT_MAX];
    FILE *orders =
        table_open(directory, "orders",
                   "o_orderkey,o_custkey,o_orderstatus,o_totalprice,o_orderdate,o_orderpriority,o_clerk,o_shippriority,o_comment");
    FILE *items =
        table_open(directory, "lineitem",
                   "l_orderkey,l_partkey,l_suppkey,l_linenumber,l_quantity,l_extendedprice,l_discount,l_tax,l_returnflag,l_linestatus,"
                   "l_shipdate,l_commitdate,l_receiptdate,l_shipinstruct,l_shipmode,l_comment");
    for (long i = 0; i < scale->orders; i++) {
        long key = i / 8 * 32 + i % 8 + 1, customer;
        Random random = random_of_row('o', key);
        do
            customer = pick(&random, 1, scale->customers);
        while (customer % 3 == 0);
        long order_day = pick(&random, 0, END_DAY - 151), lines = pick(&random, 1, MAX_LINES), shipped = 0, hundredths = 0;
        for (int number = 1; number <= lines; number++) {
            Line line = pick_line(&random, scale, order_day);
            shipped += line.ship_day <= CURRENT_DAY;
            hundredths += line.price * (100 + line.tax) * (100 - line.discount) / 100;
            write_line(items, &random, pool, key, number, &line);
        }
        const char *status = shipped == lines ? "F" : shipped ? "P" : "O", *priority = pick_word(&random, PRIORITIES);
        fprintf(orders, "%ld,%ld,%s,%s,%s,%s,Clerk#%09ld,0,\"%s\"\n", key, customer, status, money((hundredths + 50) / 100, total),
                date_text(order_day, day), priority, pick(&random, 1, scale->clerks), pick_text(&random, pool, 19, 78, comment));
    }
    table_close(orders);
    table_close(items);
}

int main(int argc, char **argv)
{
    double factor = argc == 3 ? atof(argv[1]) : 0;
    if (factor < 0.01) {
        fprintf(stderr, "usage: tpch_generate SCALE DIRECTORY (a scale of at least 0.01)\n");
        return 2;
    }
    Scale scale = {(long)(factor * 10000), (long)(factor * 200000), (long)(factor * 150000), (long)(factor * 1500000),
                   (long)(factor * 1000)};
    Pool pool = pool_make();
    make_nations(argv[2], &pool);
    make_suppliers(argv[2], &pool, &scale);
    make_customers(argv[2], &pool, &scale);
    make_parts(argv[2], &pool, &scale);
    make_orders(argv[2], &pool, &scale);
    free(pool.text);
    return 0;
}
