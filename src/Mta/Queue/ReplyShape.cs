using System.Text;

namespace Delivery.Mta.Queue;

/// <summary>A reply without what differs from one recipient to the next, so that equal refusals are counted together.</summary>
internal static class ReplyShape
{
    /// <summary>Code and status as they are; then words with an '@' become &lt;address&gt;, and those with four digits or more &lt;id&gt;.</summary>
    public static string Of(string reply)
    {
        var shape = new StringBuilder(reply.Length);
        foreach (var word in reply.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (shape.Length > 0)
                shape.Append(' ');
            if (word.Contains('@'))
                shape.Append("<address>");
            else if (word.Count(char.IsAsciiDigit) >= 4)
                shape.Append("<id>");
            else
                shape.Append(word);
        }

        return shape.ToString();
    }
}
