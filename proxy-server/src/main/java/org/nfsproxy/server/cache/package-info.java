/**
 * Data of files that were read before. Whether a client may have them, and whether they are still
 * what the file holds, the origin says each time: in its reply to a READ of one byte.
 */
@NullMarked
package org.nfsproxy.server.cache;

import org.jspecify.annotations.NullMarked;
