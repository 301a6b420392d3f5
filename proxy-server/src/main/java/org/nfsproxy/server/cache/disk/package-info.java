/**
 * Data of files on a disk of this machine: what has no room in memory, and what is still here after
 * a restart. Nothing rests on the disk: what it gives back is compared with what was put there.
 */
@NullMarked
package org.nfsproxy.server.cache.disk;

import org.jspecify.annotations.NullMarked;
