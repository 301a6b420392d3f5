/** What changes calls and replies where walks have found something. */
@NullMarked
package org.nfsproxy.nfs.edit;

import org.jspecify.annotations.NullMarked;
