package org.nfsproxy.backend;

import io.netty.buffer.ByteBuf;

/**
 * What an origin answered to a READ of the proxy's own. Indices are those of the reply's bytes,
 * which are on the heap and need no release.
 *
 * @param reply the bytes
 * @param dataAt where the data begin
 * @param dataLength how many they are, no more than were asked for
 * @param isEnd whether the file ends there
 * @param attributesAt where its attributes begin, as they are behind the READ: a {@code fattr3}
 *     (RFC 1813 section 2.6), in NFSv4 a {@code fattr4}, bitmap first; -1 if there are none
 */
public record OwnRead(ByteBuf reply, int dataAt, int dataLength, boolean isEnd, int attributesAt) {}
