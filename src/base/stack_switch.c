/*
 * stack_switch.c - swapcontext(3) without its two system calls: it saves and sets the signal mask, which is the same on all stacks here.
 *
 * A call may change all but a few registers; what it must keep is pushed on the stack that is left, and popped off the other. That is all
 * there is to a switch, in a few lines of assembly for two architectures; the others have swapcontext itself.
 *
 * Invariants:
 *  1. A prepared stack looks as one that was left just before its first function: the saved registers, then where to go.
 *  2. The place that a first function would return to is 0, which ends backtraces.
 * Threads: a stack is one thread's at a time, and may be another's after each switch.
 */
#include <string.h>

#include "base/stack_switch.h"

#if defined(__x86_64__)

/* Kept: rbx, rbp, r12 to r15, and the modes of floating point. */
enum { RETURN_WORD = 7, PREPARED_WORDS = 9 + 14 /* a multiple of 16 bytes, and 8, as behind a call */ };

__asm__(".text\n"
        ".p2align 4\n"
        ".globl stack_swap\n"
        ".hidden stack_swap\n"
        ".type stack_swap, @function\n"
        "stack_swap:\n"
        "    .cfi_startproc\n"
        "    pushq %rbp\n    .cfi_adjust_cfa_offset 8\n    .cfi_rel_offset %rbp, 0\n"
        "    pushq %rbx\n    .cfi_adjust_cfa_offset 8\n    .cfi_rel_offset %rbx, 0\n"
        "    pushq %r12\n    .cfi_adjust_cfa_offset 8\n    .cfi_rel_offset %r12, 0\n"
        "    pushq %r13\n    .cfi_adjust_cfa_offset 8\n    .cfi_rel_offset %r13, 0\n"
        "    pushq %r14\n    .cfi_adjust_cfa_offset 8\n    .cfi_rel_offset %r14, 0\n"
        "    pushq %r15\n    .cfi_adjust_cfa_offset 8\n    .cfi_rel_offset %r15, 0\n"
        "    subq $8, %rsp\n    .cfi_adjust_cfa_offset 8\n"
        "    stmxcsr (%rsp)\n"
        "    fnstcw 4(%rsp)\n"
        "    movq %rsp, (%rdi)\n"
        "    movq %rsi, %rsp\n"
        "    ldmxcsr (%rsp)\n"
        "    fldcw 4(%rsp)\n"
        "    addq $8, %rsp\n    .cfi_adjust_cfa_offset -8\n"
        "    popq %r15\n    .cfi_adjust_cfa_offset -8\n    .cfi_restore %r15\n"
        "    popq %r14\n    .cfi_adjust_cfa_offset -8\n    .cfi_restore %r14\n"
        "    popq %r13\n    .cfi_adjust_cfa_offset -8\n    .cfi_restore %r13\n"
        "    popq %r12\n    .cfi_adjust_cfa_offset -8\n    .cfi_restore %r12\n"
        "    popq %rbx\n    .cfi_adjust_cfa_offset -8\n    .cfi_restore %rbx\n"
        "    popq %rbp\n    .cfi_adjust_cfa_offset -8\n    .cfi_restore %rbp\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size stack_swap, . - stack_swap\n");

/* The modes as a thread has them from its start on. */
static uint64_t float_modes(void)
{
    uint32_t words[2] = {0};
    __asm__ volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(words[0]), "=m"(words[1]));
    return words[0] | (uint64_t)words[1] << 32;
}

static void fill(uint64_t *saved, void (*start)(void))
{
    saved[0] = float_modes();
    saved[RETURN_WORD] = (uint64_t)(uintptr_t)start;
}

#elif defined(__aarch64__)

/* Kept: x19 to x30, of which the last is where to go, and the lower halves of v8 to v15. */
enum { START_WORD = 0, RETURN_WORD = 11, PREPARED_WORDS = 20 };

__asm__(".text\n"
        ".p2align 4\n"
        ".globl stack_swap\n"
        ".hidden stack_swap\n"
        ".type stack_swap, %function\n"
        "stack_swap:\n"
        "    .cfi_startproc\n"
        "    sub sp, sp, #160\n    .cfi_adjust_cfa_offset 160\n"
        "    stp x19, x20, [sp]\n"
        "    stp x21, x22, [sp, #16]\n"
        "    stp x23, x24, [sp, #32]\n"
        "    stp x25, x26, [sp, #48]\n"
        "    stp x27, x28, [sp, #64]\n"
        "    stp x29, x30, [sp, #80]\n"
        "    stp d8, d9, [sp, #96]\n"
        "    stp d10, d11, [sp, #112]\n"
        "    stp d12, d13, [sp, #128]\n"
        "    stp d14, d15, [sp, #144]\n"
        "    mov x9, sp\n"
        "    str x9, [x0]\n"
        "    mov sp, x1\n"
        "    ldp x19, x20, [sp]\n"
        "    ldp x21, x22, [sp, #16]\n"
        "    ldp x23, x24, [sp, #32]\n"
        "    ldp x25, x26, [sp, #48]\n"
        "    ldp x27, x28, [sp, #64]\n"
        "    ldp x29, x30, [sp, #80]\n"
        "    ldp d8, d9, [sp, #96]\n"
        "    ldp d10, d11, [sp, #112]\n"
        "    ldp d12, d13, [sp, #128]\n"
        "    ldp d14, d15, [sp, #144]\n"
        "    add sp, sp, #160\n    .cfi_adjust_cfa_offset -160\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size stack_swap, . - stack_swap\n"
        ".globl stack_begin\n"
        ".hidden stack_begin\n"
        ".type stack_begin, %function\n"
        "stack_begin:\n"
        "    .cfi_startproc\n"
        "    .cfi_undefined x30\n"
        "    mov x16, x19\n"
        "    mov x30, xzr\n"
        "    br x16\n"
        "    .cfi_endproc\n"
        ".size stack_begin, . - stack_begin\n");

/* Goes to what x19 names, with nowhere to return to. */
void stack_begin(void);

static void fill(uint64_t *saved, void (*start)(void))
{
    saved[START_WORD] = (uint64_t)(uintptr_t)start;
    saved[RETURN_WORD] = (uint64_t)(uintptr_t)stack_begin;
}

#endif

#if defined(__x86_64__) || defined(__aarch64__)

/* Pushes what is kept, says in *left where, and goes on at `top`. */
void stack_swap(void **left, void *top);

void stack_prepare(StackPoint *point, void *lowest, size_t size, void (*start)(void))
{
    uint64_t *saved = (uint64_t *)((char *)lowest + size) - PREPARED_WORDS;
    memset(saved, 0, PREPARED_WORDS * sizeof *saved);
    fill(saved, start);
    point->top = saved;
}

void stack_switch(StackPoint *from, const StackPoint *to)
{
    stack_swap(&from->top, to->top);
}

#else

void stack_prepare(StackPoint *point, void *lowest, size_t size, void (*start)(void))
{
    getcontext(point);
    point->uc_stack = (stack_t){.ss_sp = lowest, .ss_size = size};
    makecontext(point, start, 0);
}

void stack_switch(StackPoint *from, const StackPoint *to)
{
    swapcontext(from, to);
}

#endif
