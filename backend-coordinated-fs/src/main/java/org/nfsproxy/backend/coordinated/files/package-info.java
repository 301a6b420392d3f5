/**
 * What the engine needs of filesystems: the {@code Files} interface and the values it speaks in.
 */
@NullMarked
package org.nfsproxy.backend.coordinated.files;

import org.jspecify.annotations.NullMarked;
