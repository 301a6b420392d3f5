/** Filesystems in memory, for the demo and for tests. */
package org.nfsproxy.backend.coordinated.memory;
