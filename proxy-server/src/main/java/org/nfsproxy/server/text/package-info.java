/** Text for terminals: aligned columns, and words of strangers made harmless. */
@NullMarked
package org.nfsproxy.server.text;

import org.jspecify.annotations.NullMarked;
