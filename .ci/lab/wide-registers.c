/*
 * For the lab's guests on a machine whose CPU has more registers than their kernel knows.
 *
 * A User-Mode Linux kernel keeps the registers of its processes in 2,696 bytes: AVX-512 and protection
 * keys, the most there was when it was written. A CPU with AMX has 11 KB of them, and the host's
 * ptrace(PTRACE_SETREGSET, NT_X86_XSTATE) takes all or nothing: EFAULT, and the guest panics as its first
 * process begins ("ptrace set fp regs failed, errno = 14"). This puts what the guest keeps into a whole
 * area, in which the registers that it does not know are at rest. Loaded into linux.uml by ./guest-kernel.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/* Where the area says which kinds of registers it holds, and those of 2,696 bytes (Intel SDM 1, 13.4). */
enum { HELD_AT = 512, HELD_BY_GUESTS = 0x2ff };

static char whole[64 << 10] __attribute__((aligned(64)));
static size_t whole_size;

/* The host's answer to what it gives tells how much it takes. */
static int measured(pid_t pid)
{
	struct iovec all = { whole, sizeof whole };

	if (whole_size == 0 && syscall(SYS_ptrace, PTRACE_GETREGSET, pid, NT_X86_XSTATE, &all) == 0)
		whole_size = all.iov_len;
	return whole_size != 0;
}

static long set_all(pid_t pid, const struct iovec *kept)
{
	struct iovec all = { whole, whole_size };

	memset(whole, 0, whole_size);
	memcpy(whole, kept->iov_base, kept->iov_len);
	*(uint64_t *)(whole + HELD_AT) &= HELD_BY_GUESTS;
	return syscall(SYS_ptrace, PTRACE_SETREGSET, pid, NT_X86_XSTATE, &all);
}

long ptrace(enum __ptrace_request request, ...)
{
	va_list given;
	va_start(given, request);
	pid_t pid = va_arg(given, pid_t);
	void *address = va_arg(given, void *);
	void *data = va_arg(given, void *);
	va_end(given);

	if (request == PTRACE_SETREGSET && (uintptr_t)address == NT_X86_XSTATE) {
		const struct iovec *kept = data;

		if (measured(pid) && kept->iov_len < whole_size && kept->iov_len > HELD_AT + 8)
			return set_all(pid, kept);
	}
	if (request == PTRACE_PEEKTEXT || request == PTRACE_PEEKDATA || request == PTRACE_PEEKUSER) {
		long word, status = syscall(SYS_ptrace, request, pid, address, &word);

		if (status == 0)
			errno = 0;
		return status == 0 ? word : status;
	}
	return syscall(SYS_ptrace, request, pid, address, data);
}
