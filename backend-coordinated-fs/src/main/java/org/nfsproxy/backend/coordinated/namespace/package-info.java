/** The one tree that NFSv4 shows: directories above the exports, which lead to them. */
@NullMarked
package org.nfsproxy.backend.coordinated.namespace;

import org.jspecify.annotations.NullMarked;
