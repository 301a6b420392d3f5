/**
 * What becomes of each call and reply: forwarded, forwarded changed, answered here, or the end of
 * the connection. A verdict comes from the call, the rules and what is known of exports; what is
 * not known is asked, and judged again.
 */
@NullMarked
package org.nfsproxy.server.judge;

import org.jspecify.annotations.NullMarked;
