using System.Globalization;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>The date-time of RFC 5322 section 3.3, always in UTC.</summary>
internal static class DateHeader
{
    public static void Write(DateTimeOffset date, ByteBuffer output)
    {
        output.Write("Date: "u8);
        date.ToUniversalTime().TryFormat(output.GetSpan(40), out var written, "ddd, dd MMM yyyy HH':'mm':'ss", CultureInfo.InvariantCulture);
        output.Advance(written);
        output.Write(" +0000\r\n"u8);
    }
}
