/**
 * Filesystems by the kernel's own persistent handles: {@code Files} over name_to_handle_at(2) and
 * open_by_handle_at(2). The only package that makes system calls.
 */
@NullMarked
package org.nfsproxy.backend.coordinated.kernel;

import org.jspecify.annotations.NullMarked;
