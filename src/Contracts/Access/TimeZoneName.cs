namespace Delivery.Contracts.Access;

/// <summary>How the name of a time zone is written. Whether there is such a zone, the machine's data say, or those of ClickHouse.</summary>
public static class TimeZoneName
{
    /// <summary>How it must look, for messages.</summary>
    public const string Form = "Europe/Berlin (an IANA name), or UTC";

    private const int MaxLength = 64;

    /// <summary>Words of letters, digits, <c>_ + -</c> with slashes between.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaxLength || !char.IsAsciiLetter(name[0]) || name[^1] == '/')
            return false;
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '/' ? name[i - 1] == '/' : !char.IsAsciiLetterOrDigit(name[i]) && name[i] is not ('_' or '+' or '-'))
                return false;
        }

        return true;
    }
}
