/*
 * wrapper_docs.c - writes a wrapper's page of documentation from its option table: wrapper_docs MODULE.so
 *
 * The table is the one source of what options exist; the page in docs/wrappers is its image, and the tree check compares them.
 */
#include <dlfcn.h>
#include <stdio.h>

#include "medley/fdw.h"

static const struct {
    unsigned object;
    const char *title;
} SECTIONS[] = {
    {FDW_OBJECT_WRAPPER, "Foreign-data wrapper (`CREATE FOREIGN DATA WRAPPER ... OPTIONS`)"},
    {FDW_OBJECT_SERVER, "Server (`CREATE SERVER ... OPTIONS`)"},
    {FDW_OBJECT_USER_MAPPING, "User mapping (`CREATE USER MAPPING ... OPTIONS`)"},
    {FDW_OBJECT_TABLE, "Foreign table (`CREATE FOREIGN TABLE ... OPTIONS`)"},
    {FDW_OBJECT_COLUMN, "Column (`column type OPTIONS (...)`)"},
    {FDW_OBJECT_IMPORT, "Import (`IMPORT FOREIGN SCHEMA ... OPTIONS`)"},
};

static const char *type_name(FdwOptionType type)
{
    static const char *const NAMES[] = {"text",         "boolean", "positive integer", "real, not negative",
                                        "checked text", "boolean", "checked text"};
    return NAMES[type];
}

static void print_section(const FdwModule *module, unsigned object, const char *title)
{
    bool any = false;
    for (const FdwOption *option = module->options; option->name; option++) {
        if (!(option->objects & object))
            continue;
        if (!any)
            printf("\n## %s\n\n| option | value | what it does |\n| --- | --- | --- |\n", title);
        any = true;
        printf("| `%s` | %s%s | %s |\n", option->name, type_name(option->type), option->secret ? ", secret" : "",
               option->doc ? option->doc : "");
    }
}

int main(int argc, char **argv)
{
    void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW) : NULL;
    const FdwModule *module = library ? dlsym(library, "medley_fdw_module") : NULL;
    if (!module) {
        fprintf(stderr, "usage: wrapper_docs MODULE.so\n%s\n", argc == 2 ? dlerror() : "");
        return 2;
    }
    printf("# %s\n\n%s. Version %s.\n\n", module->name, module->comment, module->version);
    printf("This page is made from the wrapper's option table by `make docs`.\n\n");
    printf("| ability | |\n| --- | --- |\n");
    printf("| work shipped to the source | %s |\n", module->dialect        ? module->dialect
                                                    : module->offer_filter ? "simple filters"
                                                                           : "columns only");
    printf("| several connections for one scan | %s |\n", module->split ? "yes" : "no");
    printf("| whole queries relayed | %s |\n", module->relay_open ? "yes" : "no");
    printf("| one snapshot a transaction | %s |\n", module->begin ? "yes" : "no");
    printf("| two-phase commit | %s |\n", module->prepare ? "yes" : "no");
    printf("| INSERT, UPDATE, DELETE, TRUNCATE | %s |\n", module->modify ? "yes" : "no");
    printf("| `IMPORT FOREIGN SCHEMA` | %s |\n", module->import_schema ? "yes" : "no");
    for (size_t i = 0; i < sizeof SECTIONS / sizeof SECTIONS[0]; i++)
        print_section(module, SECTIONS[i].object, SECTIONS[i].title);
    return 0;
}
