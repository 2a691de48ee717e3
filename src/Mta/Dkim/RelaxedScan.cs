using System.Numerics;
using System.Runtime.Intrinsics;

namespace Delivery.Mta.Dkim;

/// <summary>Finds where a body differs from its relaxed form (RFC 6376 section 3.4.4).</summary>
internal static class RelaxedScan
{
    private const byte Tab = (byte)'\t';
    private const byte Space = (byte)' ';
    private const byte Return = (byte)'\r';

    /// <summary>Bytes up to the first tab, or the first space with white space or a CR behind it; all of them where there is none.</summary>
    public static int Regular(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        for (; at + Vector128<byte>.Count < bytes.Length; at += Vector128<byte>.Count)
        {
            var here = Vector128.Create(bytes.Slice(at, Vector128<byte>.Count));
            var next = Vector128.Create(bytes.Slice(at + 1, Vector128<byte>.Count));
            var blank = Vector128.Equals(next, Vector128.Create(Space)) | Vector128.Equals(next, Vector128.Create(Tab)) | Vector128.Equals(next, Vector128.Create(Return));
            var found = (Vector128.Equals(here, Vector128.Create(Tab)) | (Vector128.Equals(here, Vector128.Create(Space)) & blank)).ExtractMostSignificantBits();
            if (found != 0)
                return at + BitOperations.TrailingZeroCount(found);
        }

        for (; at < bytes.Length; at++)
        {
            if (bytes[at] == Tab || (bytes[at] == Space && at + 1 < bytes.Length && bytes[at + 1] is (Space or Tab or Return)))
                return at;
        }

        return bytes.Length;
    }
}
