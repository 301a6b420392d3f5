/**
 * Which filesystem a filehandle is in, and where on the origin that is. Asks the origin what is not
 * known, each question once, and takes what other instances found as a hint only.
 */
@NullMarked
package org.nfsproxy.server.exports;

import org.jspecify.annotations.NullMarked;
