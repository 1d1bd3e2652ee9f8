/*
 * host.c - the process's wrapper modules: found in one directory, loaded when first asked for, kept until the end.
 *
 * Invariants:
 *  1. A module is loaded at most once and never unloaded: pointers to it, and what its libraries left behind, stay valid to the end.
 *  2. The copy that is handed out has the host's own size: what an older module lacks is NULL, what a newer one adds is unseen.
 *  3. A module's name is made of [a-z0-9_] only, so that no name leads out of the directory.
 *
 * Any thread; WrapperHost.lock guards the list.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "wrapper/wrapper_internal.h"

WrapperHost *wrapper_host_open(const char *module_directory, Log *log, Arena *arena)
{
    WrapperHost *host = ARENA_NEW(arena, WrapperHost);
    host->arena = arena_open(arena);
    host->directory = arena_strdup(host->arena, module_directory);
    host->log = log;
    pthread_mutex_init(&host->lock, NULL);
    wrapper_services_init(&host->services);
    host->pools = pools_open(host);
    host->estimates = estimates_open(arena);
    host->versions = versions_open(arena);
    return host;
}

void wrapper_host_close(WrapperHost *host)
{
    pools_close(host->pools);
    estimates_close(host->estimates);
    versions_close(host->versions);
    pthread_mutex_destroy(&host->lock);
    arena_close(host->arena);
}

void wrapper_host_set_string(WrapperHost *host, void (*set_string)(FdwVector *vector, size_t row, const char *bytes, size_t length))
{
    host->services.set_string = set_string;
}

void wrapper_host_set_coordinator(WrapperHost *host, Coordinator *coordinator)
{
    host->coordinator = coordinator;
}

static bool is_module_name(const char *name)
{
    return name[0] && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

static const FdwModule *find_loaded(const WrapperHost *host, const char *name)
{
    for (const LoadedModule *loaded = host->modules; loaded; loaded = loaded->next)
        if (str_eq(loaded->module.name, name))
            return &loaded->module;
    return NULL;
}

/* What the host calls without asking whether it is there. */
static bool is_complete(const FdwModule *module)
{
    return module->name && module->options && module->connect && module->disconnect && module->scan_open && module->scan_next &&
           module->scan_close;
}

static const FdwModule *load(WrapperHost *host, const char *name, Error *error)
{
    const char *path = arena_printf(host->arena, "%s/%s.so", host->directory, name);
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        const char *reason = dlerror();
        log_write(host->log, LOG_WARNING_LEVEL, "wrapper module %s was not loaded: %s", name, reason);
        return error_set(error, ERRCODE_UNDEFINED_FILE, "could not load wrapper module \"%s\"", name), error_detail(error, "%s", reason),
               NULL;
    }
    const FdwModule *found = dlsym(handle, "medley_fdw_module");
    const char *wrong = NULL;
    if (!found)
        wrong = "it exports no medley_fdw_module";
    else if (found->abi != MEDLEY_FDW_ABI)
        wrong = "it was built for another version of the wrapper interface";
    if (!wrong) {
        LoadedModule *loaded = ARENA_NEW(host->arena, LoadedModule);
        memcpy(&loaded->module, found, found->size < sizeof(FdwModule) ? found->size : sizeof(FdwModule));
        if (is_complete(&loaded->module) && str_eq(loaded->module.name, name)) {
            loaded->next = host->modules;
            host->modules = loaded;
            return &loaded->module;
        }
        wrong = "it lacks a required call, or has another name than its file";
    }
    dlclose(handle);
    error_set(error, ERRCODE_FDW_UNABLE_TO_CREATE_EXECUTION, "could not load wrapper module \"%s\"", name);
    error_detail(error, "The module cannot be used: %s.", wrong);
    return NULL;
}

const FdwModule *wrapper_module(WrapperHost *host, const char *name, Error *error)
{
    if (!is_module_name(name)) {
        error_set(error, ERRCODE_UNDEFINED_FILE, "could not access file \"%s\": No such file or directory", name);
        return NULL;
    }
    pthread_mutex_lock(&host->lock);
    const FdwModule *module = find_loaded(host, name);
    if (!module)
        module = load(host, name, error);
    pthread_mutex_unlock(&host->lock);
    return module;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t wrapper_available(WrapperHost *host, Arena *arena, const char *const **names)
{
    StrList found = {0};
    DIR *directory = opendir(host->directory);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        size_t length = strlen(entry->d_name);
        if (length <= 3 || strcmp(entry->d_name + length - 3, ".so") != 0)
            continue;
        const char *name = arena_strndup(arena, entry->d_name, length - 3);
        if (is_module_name(name))
            vec_push(arena, &found, name);
    }
    if (directory)
        closedir(directory);
    if (found.count)
        qsort(found.items, found.count, sizeof *found.items, compare_names);
    *names = found.items;
    return found.count;
}
