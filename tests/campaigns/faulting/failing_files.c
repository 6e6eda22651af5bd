/* Loaded before the C library: writes and syncs of one database's files fail where a campaign says so.

   FAULTS_CONTROL names a file of five numbers (32 bits): which calls (1 writes, 2 syncs), how many of them still go well, the error
   to fail with, whether all that follow fail too, and how many have failed. FAULTS_FILES is a part of the files' path. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

struct control { volatile int32_t calls, left, error, lasting, failed; };
static struct control *control;

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("FAULTS_CONTROL");
    int file = name ? open(name, O_RDWR) : -1;
    if (file < 0) return;
    void *found = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (found != MAP_FAILED) control = found;
    close(file);
}

static int is_ours(int file) {
    char link[64], path[PATH_MAX];
    const char *part = getenv("FAULTS_FILES");
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0 || !part) return 0;
    path[length] = 0;
    return strstr(path, part) != NULL;
}

static int fails(int call, int file) {
    if (!control || !(control->calls & call) || !is_ours(file)) return 0;
    int left = __sync_sub_and_fetch(&control->left, 1);
    if (left > 0 || (left < 0 && !control->lasting)) return 0;
    __sync_add_and_fetch(&control->failed, 1);
    errno = control->error;
    return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *what, size_t size) { return fails(1, file) ? -1 : REAL(write)(file, what, size); }
ssize_t pwrite(int file, const void *what, size_t size, off_t at) { return fails(1, file) ? -1 : REAL(pwrite)(file, what, size, at); }
ssize_t pwrite64(int file, const void *what, size_t size, off64_t at) { return fails(1, file) ? -1 : REAL(pwrite64)(file, what, size, at); }
int fsync(int file) { return fails(2, file) ? -1 : REAL(fsync)(file); }
int fdatasync(int file) { return fails(2, file) ? -1 : REAL(fdatasync)(file); }
