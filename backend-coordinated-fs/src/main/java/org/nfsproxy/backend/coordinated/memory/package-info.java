/** Filesystems in memory, for the demo and for tests. */
@NullMarked
package org.nfsproxy.backend.coordinated.memory;

import org.jspecify.annotations.NullMarked;
