/** Questions that the proxy asks the origin on its own account. */
@NullMarked
package org.nfsproxy.backend.nfs.questions;

import org.jspecify.annotations.NullMarked;
