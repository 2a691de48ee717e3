using System.Text.Json;
using Delivery.Mta.Jobs;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Look;

/// <summary>A recipient of a request, as input of a mail that no job has.</summary>
internal static class LookInput
{
    /// <param name="index">Place in the request's recipients, from 0.</param>
    public static MessageInput Of(uint account, JobRecipient recipient, uint index, JsonElement jobData, JsonElement jobMetadata, DateTimeOffset date) => new()
    {
        Account = account,
        Job = long.MaxValue,
        Recipient = index,
        Date = date,
        Email = recipient.Address.Email,
        Name = recipient.Address.Name,
        UpstreamId = recipient.Id,
        Key = default,
        SubstitutionData = recipient.SubstitutionData,
        JobSubstitutionData = jobData,
        Metadata = recipient.Metadata,
        JobMetadata = jobMetadata,
    };
}
