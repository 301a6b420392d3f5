/** The pages of the administrator. */
@NullMarked
package org.nfsproxy.server.admin;

import org.jspecify.annotations.NullMarked;
