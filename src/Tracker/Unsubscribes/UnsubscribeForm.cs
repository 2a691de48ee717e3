using System.Globalization;

namespace Delivery.Tracker.Unsubscribes;

/// <summary>
/// What a POST to an unsubscribe link says: the body that RFC 8058 section 3.1 has a mail provider send
/// (<c>List-Unsubscribe=One-Click</c>, urlencoded or multipart), or a form of the page. Whoever posts anything else wants to leave.
/// </summary>
internal sealed record UnsubscribeForm
{
    /// <summary>Names and values of the page's forms.</summary>
    public const string Lists = "list", Action = "action", WayBack = "resubscribe", Reason = "reason", Choice = "choice", Yes = "yes";

    private const string OneClickField = "List-Unsubscribe";
    private const string OneClickValue = "One-Click";
    private static readonly UnsubscribeForm Empty = new();

    public bool IsOneClick { get; init; }

    /// <summary>Wants to be subscribed again.</summary>
    public bool IsWayBack { get; init; }

    /// <summary>Null where the form had no choice of lists; empty where nothing was chosen.</summary>
    public IReadOnlyList<uint>? Chosen { get; init; }

    /// <summary>One of <see cref="UnsubscribeReasons"/>, or null.</summary>
    public string? Why { get; init; }

    /// <summary>Reads the body to its end; one that cannot be read says nothing.</summary>
    /// <exception cref="BadHttpRequestException">The body is over the limit or comes too slowly.</exception>
    public static async Task<UnsubscribeForm> ReadAsync(HttpRequest request)
    {
        try
        {
            if (request.HasFormContentType)
                return Of(await request.ReadFormAsync(request.HttpContext.RequestAborted));
            await request.Body.CopyToAsync(Stream.Null, request.HttpContext.RequestAborted);
            return Empty;
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException && e is not BadHttpRequestException))
        {
            return Empty;
        }
    }

    private static UnsubscribeForm Of(IFormCollection form)
    {
        // A provider's button never means anything but leaving, whatever else the body holds.
        if (string.Equals(form[OneClickField].ToString().Trim(), OneClickValue, StringComparison.OrdinalIgnoreCase))
            return new UnsubscribeForm { IsOneClick = true };
        return new UnsubscribeForm
        {
            IsWayBack = form[Action] == WayBack,
            Chosen = form[Choice] == Yes ? Numbers(form) : null,
            Why = UnsubscribeReasons.Find(form[Reason].ToString()),
        };
    }

    private static List<uint> Numbers(IFormCollection form)
    {
        var numbers = new List<uint>();
        foreach (var text in form[Lists])
        {
            if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && !numbers.Contains(number))
                numbers.Add(number);
        }

        return numbers;
    }
}
