/** Told when the workers whose processing is restricted may be others: set, lifted, or merged with somebody. */
export const restrictionsChannel = 'payung_restrictions';
