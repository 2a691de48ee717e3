namespace Delivery.Tracker.Unsubscribes;

/// <summary>The body that RFC 8058 section 3.1 has a mail provider send: <c>List-Unsubscribe=One-Click</c>, urlencoded or multipart.</summary>
internal static class OneClickForm
{
    private const string Field = "List-Unsubscribe";
    private const string Value = "One-Click";

    /// <summary>
    /// Reads the body to its end. False for another form, for none, and for one that cannot be read: whoever posts wants to leave, so the
    /// body decides about nothing but the reason that is recorded.
    /// </summary>
    /// <exception cref="BadHttpRequestException">The body is over the limit or comes too slowly.</exception>
    public static async Task<bool> IsInAsync(HttpRequest request)
    {
        try
        {
            if (!request.HasFormContentType)
            {
                await request.Body.CopyToAsync(Stream.Null, request.HttpContext.RequestAborted);
                return false;
            }

            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return string.Equals(form[Field].ToString().Trim(), Value, StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException && e is not BadHttpRequestException))
        {
            return false;
        }
    }
}
