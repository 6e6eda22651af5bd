"""The words and codes of the national return of client-level data, as they are published.

Headings and words: the specification of adult social care client-level data (CLD), release 2, as councils and DHSC's published
scripts use it. Codes: the value sets SocialCareSupportReason, SocialCareServiceType, SocialCareServiceCategory and
SocialCareServiceStatus of the Yorkshire and Humber Care Record's FHIR guide (Interweave); the status is FHIR's own.
"""

from __future__ import annotations

HEADINGS = (
    "LA Code", "Reporting Period Start Date", "Reporting Period End Date", "NHS Number", "LA Person Unique Identifier",
    "First Name", "Last Name", "GP Practice Name", "GP Practice Code", "Gender", "Ethnicity", "Date of Birth", "Date of Death",
    "Client Type", "Primary Support Reason", "Postcode", "Accommodation Status", "Employment Status", "Has Unpaid Carer",
    "Autism Spectrum Disorder (ASD)", "Visual Impairment", "Hearing Impairment", "Dementia", "Client Funding Status",
    "Event Type", "Event Reference", "Event Start Date", "Event End Date", "Event Description", "Event Outcome",
    "Request: Route of Access", "Assessment Type", "Eligible Needs Identified", "Method of Assessment",
    "Total Hrs Caring per week", "No. of adults being cared for", "Adult 1 Linked Person_ID", "Adult 2 Linked Person_ID",
    "Adult 3 Linked Person_ID", "Service Type", "Service Component", "Delivery Mechanism", "Provider CQC Location Name",
    "Provider CQC Location ID", "Review Reason", "Review Outcomes Achieved", "Method of Review", "Unit Cost",
    "Cost Frequency (Unit Type)", "Planned units per week",
)  # fmt: skip
"""In the order of the submission."""

OF_THE_COUNCIL = (
    "NHS Number", "LA Person Unique Identifier", "First Name", "Last Name", "GP Practice Name", "GP Practice Code", "Gender",
    "Ethnicity", "Date of Birth", "Date of Death", "Primary Support Reason", "Postcode", "Accommodation Status",
    "Employment Status", "Has Unpaid Carer", "Autism Spectrum Disorder (ASD)", "Visual Impairment", "Hearing Impairment",
    "Dementia", "Client Funding Status", "Event Description", "Event Outcome", "Delivery Mechanism",
)  # fmt: skip
"""What a snapshot does not hold of itself, and a council may keep in columns of its own beside its packages."""

MANDATORY = (
    "LA Code", "Reporting Period Start Date", "Reporting Period End Date", "NHS Number", "LA Person Unique Identifier", "Gender",
    "Ethnicity", "Date of Birth", "Client Type", "Primary Support Reason", "Postcode", "Accommodation Status",
    "Has Unpaid Carer", "Client Funding Status", "Event Type", "Event Start Date", "Event Outcome", "Service Type",
    "Service Component", "Unit Cost", "Cost Frequency (Unit Type)", "Planned units per week",
)  # fmt: skip
"""Of a service that somebody uses; a line without one of them fails the collection's own check."""

SERVICE_USER, SERVICE, HOURLY = "Service user", "Service", "Hourly"
COMMUNITY, HOME_SUPPORT = "Long term support: Community", "Home support or domiciliary care"

SUPPORT_REASONS = {
    "Physical support: Access and mobility only": "PS-AMO",
    "Physical support: Personal care support": "PS-PCS",
    "Sensory support: Support for visual impairment": "SS-SVI",
    "Sensory support: Support for hearing impairment": "SS-SHI",
    "Sensory support: Support for dual impairment": "SS-SDI",
    "Support with memory and cognition": "SMC",
    "Learning disability support": "LDS",
    "Mental health support": "MHS",
    "Social support: Substance misuse support": "SOS-SMS",
    "Social support: Asylum seeker support": "SOS-ASS",
    "Social support: Support for social isolation or other reason": "SOS-IO",
    "Unknown": "UNK",
}
"""The words of the return, and the code of the value set."""
SERVICE_TYPES = {
    COMMUNITY: "LTS-C",
    "Short term support: ST-Max": "STS-STMAX",
    "Short term support: Ongoing low level": "STS-OLL",
    "Short term support: Other short term": "STS-OST",
}
"""Those that care at home can be."""
SERVICE_COMPONENTS = {
    HOME_SUPPORT: "HS",
    "Reablement": "R",
    "Community supported living": "CSL",
    "End of life care": "EOL",
    "Emergency support": "ES",
    "Other short term support": "OSTS",
    "Other long term support": "OLTS",
}
ACTIVE, ON_HOLD, PLANNED = "active", "onhold", "planned"
"""Codes of the status of a service."""
BASE = "https://fhir.interweavedigital.nhs.uk/CodeSystem/Interweave-SocialCare"
SYSTEMS = {
    "status": "http://hl7.org/fhir/episode-of-care-status",
    "support_reason": f"{BASE}SupportReason",
    "service_category": f"{BASE}ServiceCategory",
    "service_type": f"{BASE}ServiceType",
}
"""What each kind of code belongs to."""
