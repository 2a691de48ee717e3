namespace Delivery.Mta.Outcomes;

/// <summary>A reply code with <c>x</c> for any digit: <c>550</c>, <c>55x</c>, <c>5xx</c>.</summary>
internal readonly record struct CodePattern(ushort First, ushort Last)
{
    public static bool TryParse(string text, out CodePattern pattern)
    {
        pattern = default;
        var digits = text.TrimEnd('x');
        if (text.Length != 3 || digits.Length == 0 || digits[0] is not ('4' or '5'))
            return false;
        var first = 0;
        foreach (var c in digits)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            first = first * 10 + c - '0';
        }

        var width = digits.Length switch { 1 => 100, 2 => 10, _ => 1 };
        pattern = new CodePattern((ushort)(first * width), (ushort)(first * width + width - 1));
        return true;
    }

    public bool Matches(ushort code) => code >= First && code <= Last;
}
