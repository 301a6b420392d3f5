/** What listeners and the judge hand each other: calls, and what is wanted with their replies. */
@NullMarked
package org.nfsproxy.server.call;

import org.jspecify.annotations.NullMarked;
