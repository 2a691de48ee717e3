using Delivery.Contracts.Suppressions;
using Delivery.Mta.Jobs;

namespace Delivery.Mta.Suppressions.Api;

/// <summary>The reason and list that a query asks for; null for any.</summary>
internal readonly record struct SuppressionFilter(SuppressionReason? Reason, uint? List)
{
    /// <summary>False, and errors, for what is not understood and for names that are neither of the two nor among <paramref name="others"/>.</summary>
    public static bool TryRead(IQueryCollection query, string[] others, out SuppressionFilter filter, List<FieldError> errors)
    {
        filter = default;
        var before = errors.Count;
        foreach (var (name, value) in query)
        {
            if (name == "reason")
            {
                if (SuppressionReasons.TryParse(value.ToString(), out var reason))
                    filter = filter with { Reason = reason };
                else
                    errors.Add(new FieldError("reason", $"must be one of {SuppressionReasons.All}"));
            }
            else if (name == "list")
            {
                if (SuppressionParser.TryList(value, out var list))
                    filter = filter with { List = list };
                else
                    errors.Add(new FieldError("list", $"must be a whole number from 0 to {JobOptions.MaxList}"));
            }
            else if (!others.Contains(name))
            {
                errors.Add(new FieldError(name.Length > 100 ? name[..100] : name, $"is not known here; known are {string.Join(", ", (string[])["reason", "list", .. others])}"));
            }
        }

        return errors.Count == before;
    }
}
