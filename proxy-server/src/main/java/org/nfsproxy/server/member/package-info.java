/** How instances of one proxy speak with each other by connections of their own. */
@NullMarked
package org.nfsproxy.server.member;

import org.jspecify.annotations.NullMarked;
